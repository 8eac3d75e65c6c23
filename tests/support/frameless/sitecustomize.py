"""A plugin host in which none of `egain_pulumi.host`'s tricks finds the servicer's frame.

Python imports this by itself where the folder is on `PYTHONPATH`. It stands for an SDK whose host
has changed inside: what is found there then is nothing.
"""

from __future__ import annotations

import egain_pulumi.host

egain_pulumi.host.servicer = dict
