"""The demonstration season: invented people, their stories, and the pictures of them."""
