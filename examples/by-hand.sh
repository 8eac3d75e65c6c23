#!/bin/sh
# usage: examples/by-hand.sh
# Make a tenant of 25 objects by hand, with curl alone: something to adopt. The tenant is that of
# EGAIN_BASE_URL, EGAIN_TOKEN_URL, EGAIN_CLIENT_ID and EGAIN_CLIENT_SECRET; take an emulator.
set -eu

token=$(curl -sSf "$EGAIN_TOKEN_URL" -d grant_type=client_credentials \
  --data-urlencode "client_id=$EGAIN_CLIENT_ID" --data-urlencode "client_secret=$EGAIN_CLIENT_SECRET" \
  -d scope=https://api.egain.cloud/auth/.default |
  sed 's/.*"access_token": *"\([^"]*\)".*/\1/')

# make COLLECTION: send the object on standard input, and print its id.
make() {
  curl -sSf -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
    "$EGAIN_BASE_URL/$1" -d @- | sed 's/.*"id": *"\([^"]*\)".*/\1/'
}

# list COLLECTION: print the objects of a collection.
list() {
  curl -sSf -H "Authorization: Bearer $token" "$EGAIN_BASE_URL/$1"
}

agents=$(list clientapplications | sed 's/.*"id": *"\([^"]*\)"[^{]*"name": *"eGain Agents".*/\1/')

make authentications >/dev/null <<'END'
{"name": "Legacy", "type": "basic", "basicAuth": {"username": "hub", "password": "correct horse 4711"}}
END
customers=$(make clientapplications <<'END'
{"name": "Customer App", "roles": [{"name": "customer", "version": "v3",
 "callback": "https://shop.example.com/callback", "notificationEmail": "shop@example.com"}]}
END
)
icon=iVBORw0KGgoAAAANSUhEUgAAABgAAAAYCAIAAABvFaqvAAAAHUlEQVR42mNQmHSGKohh1KBRg0YNGjVo1KCRahAAvuHKLXRfAv8AAAAASUVORK5CYII=

# channel TYPE NAME
channel() {
  make channels <<END
{"type": "$1", "displayName": "$2", "icon": "$icon",
 "restrictions": {"inbound": {"maxTextLength": 2000, "features": ["attachments", "typing_events"]},
                  "outbound": {"maxTextLength": 2000, "systemMessages": true}},
 "l10nProperties": [
   {"language": "en-US", "properties": [{"name": "msg_hub_off_hours", "value": "We are closed."}]},
   {"language": "de-DE", "properties": [{"name": "msg_hub_off_hours", "value": "Geschlossen."}]}]}
END
}

chat=$(channel custom_channel Chat)
kiosk=$(channel kiosk Kiosk)
intranet=$(channel intranet Intranet)

# account NAME ADDRESS CHANNEL ORCHESTRATION ENTRY-POINT
account() {
  make accounts >/dev/null <<END
{"name": "$1", "address": "$2", "channel": {"id": "$3"},
 "chatConfigurations": {"timeout": 30, "defaultLanguage": "en-US", "onAgentUnavailability": "off_hours",
   "allowLogoutWithOpenChats": false, "orchestration": {"id": "$4"}, "entryPoint": {"id": "$5"}}}
END
}

# Four teams, each with a bot that hands over to eGain's agents.
for team in Orders Complaints Returns Sales; do
  login=$(make authentications <<END
{"name": "$team Login", "type": "oauth2", "oauth2": {
  "tokenRequestUrl": "https://bots.example.com/token", "method": "POST",
  "headers": [{"name": "Content-Type", "value": "application/json"}],
  "payload": "{\"clientId\": \"$team\", \"clientSecret\": \"s3cr3t-of-the-hub\"}",
  "accessTokenPath": "$.accessToken"}}
END
)
  bot=$(make clientapplications <<END
{"name": "$team Bot", "roles": [{"name": "custom_bot", "version": "v3",
  "callback": "https://bots.example.com/callback", "notificationEmail": "ops@example.com",
  "headers": [{"name": "X-Tenant", "value": "acme-7e57"}], "authentication": {"id": "$login"}}]}
END
)
  participant=$(make participants <<END
{"name": "$team Bot", "type": "custom_bot", "application": {"id": "$bot"},
 "intents": {"intent": [{"value": "person", "displayValue": "Talk to a person"},
                        {"value": "status", "displayValue": "Where is my \"order\"?"}]}}
END
)
  first=$(make orchestrations <<END
{"name": "$team: bot first", "applications": {
  "botConfiguration": {"forwardTranscript": true, "bots": [
    {"id": "$bot", "participant": {"id": "$participant"}, "onEscalation": {"agent": {"id": "$agents"}}}]},
  "customerConfiguration": {"customer": {"id": "$customers"}}}}
END
)
  case $team in
    Orders) account orders 100000001 "$chat" "$first" 1001 ;;
    Complaints) account complaints 100000002 "$chat" "$first" 1002 ;;
    Returns) account returns 100000003 "$kiosk" "$first" 1001 ;;
    Sales) account sales 100000004 "$intranet" "$first" 1003 ;;
  esac
done
