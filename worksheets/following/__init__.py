"""The review after a review: what it takes over from the last one, and looking back at what that one promised."""
