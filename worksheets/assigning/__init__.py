"""Who answers what: questions and worksheets that are given to somebody, with a date, and what is theirs to do."""
