"""The service as people meet it: pages in Chromium, with their style sheets and scripts."""
