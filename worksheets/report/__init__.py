"""The strategy summary on paper: what goes into it, the process that sets it, the mending of its tags, its keeping.

Step 6 of the line in the README. `contents` gathers, `page` writes HTML, `printer` has it set by `press` (a process of
its own, the only place that imports WeasyPrint), `tags` mends what WeasyPrint leaves, `store` keeps what was made.
This file stays empty of code, so that the process that sets pages starts without Django.
"""
