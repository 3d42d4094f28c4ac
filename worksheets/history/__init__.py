"""What was done in a review: who saved which question when, what it was before, and everything else in its order."""
