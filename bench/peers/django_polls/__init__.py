"""The same vote as a good Django developer would write it, after Django's own tutorial of polls."""
