"""The mails that remind people of what is due, once each."""
