"""The same channels, each with a large icon of its own in a file."""

from benchmarks.objects import declared
from egain_pulumi import ChannelResource, icon_file

for item in declared():
    ChannelResource(
        item.name,
        type=item.name,
        display_name="Chat",
        icon=icon_file(f"{item.name}.png"),
        restrictions={
            "inbound": {"max_text_length": 2000, "features": ["attachments", "typing_events"]}
        },
    )
