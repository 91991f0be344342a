"""The outside world, played by small programs that check what they are sent as the real ones do."""
