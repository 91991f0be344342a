"""The one command, `python3 server.py [command]`, and the ASGI entry, `server:app`."""

import sys

if __name__ == "__main__":
    from awards import bootstrap

    bootstrap.enter(sys.argv[1:])  # Goes on below only inside the environment.

    if sys.argv[1:2] in (["check"], ["test"]):
        from awards.quality import main
    else:
        from awards.cli import main
    sys.exit(main(sys.argv[1:]))
elif __name__ == "server":  # Not "__mp_main__": a worker process would build the program twice.
    from awards.app import create_app

    app = create_app()
