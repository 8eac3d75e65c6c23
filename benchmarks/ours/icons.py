"""The same channels, each with its own large icon file."""

from benchmarks.objects import requested_objects
from egain_pulumi import ChannelResource, icon_file

for item in requested_objects():
    ChannelResource(
        item.name,
        type=item.name,
        display_name="Chat",
        icon=icon_file(f"{item.name}.png"),
        restrictions={
            "inbound": {"max_text_length": 2000, "features": ["attachments", "typing_events"]}
        },
    )
