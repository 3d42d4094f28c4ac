"""PostgreSQL as Django knows it, given up when it does not answer in time: the engine `toolkit.postgres`."""
