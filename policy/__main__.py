"""Policy pack `egain-hub`: what contact centres want of a conversation hub.

pulumi preview --policy-pack policy --policy-pack-config policy/config.json

The rules are in `rules.py`; how to run, configure and extend them: `docs/policy.md`.
"""

from pulumi_policy import PolicyPack
from rules import RULES

PolicyPack(name="egain-hub", policies=RULES)
