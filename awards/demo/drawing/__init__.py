"""Cut-paper prints of people and places who do not exist, for the demonstration season."""
