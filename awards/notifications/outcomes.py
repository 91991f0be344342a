"""What a way out may say of a letter that it did not take. Anything else that is raised is bad
luck, and the letter is tried again.
"""


class Undeliverable(Exception):
    """This letter will not arrive: the number is none, or takes no more today. It is given up."""


class Trouble(Exception):
    """No letter will arrive until somebody does something: an account is empty, a key is wrong. The
    text is the gateway's own word for it.
    """


class Later(Exception):
    """Not now: the gateway is busy or broken. The letter is tried again."""
