"""One call of a Python SDK with its own retries. Usage: denials.py versions | KIND BASE TAGS, the key in TG_KEY."""
import os
import sys

import anthropic
import openai

if sys.argv[1] == "versions":
    print(f"openai {openai.__version__}\nanthropic {anthropic.__version__}")
    sys.exit()
kind, base, tags = sys.argv[1:4]
headers = {"X-Tollgate-Tags": tags}
messages = [{"role": "user", "content": "hello"}]
key = os.environ["TG_KEY"]
try:
    if kind == "openai":
        client = openai.OpenAI(api_key=key, base_url=f"{base}/v1/openai", default_headers=headers)
        client.chat.completions.create(model="gpt-4o-mini", messages=messages, max_tokens=20)
    else:
        client = anthropic.Anthropic(api_key=key, base_url=f"{base}/anthropic", default_headers=headers)
        client.messages.create(model="claude-sonnet-4-5", max_tokens=20, messages=messages)
except (openai.APIStatusError, anthropic.APIStatusError) as refused:
    print(str(refused))
    sys.exit(1)
