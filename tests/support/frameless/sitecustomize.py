"""A plugin host in which none of `egain_pulumi.plugin.host`'s tricks finds the servicer's frame.

Python imports this by itself where the folder is on `PYTHONPATH`. It stands for an SDK whose host
has changed inside: what is found there then is nothing.
"""

from __future__ import annotations

import egain_pulumi.plugin.host

egain_pulumi.plugin.host.servicer = dict
