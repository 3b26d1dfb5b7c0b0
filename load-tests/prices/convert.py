#!/usr/bin/env python3
"""Writes policies/catalog/prices.yaml from folders of public price tables (genai-prices, LiteLLM, models.dev).

    load-tests/prices/convert.py DATE FOLDER [OLDER_FOLDER...] > policies/catalog/prices.yaml

DATE is the day on which the tables of FOLDER were true.

Facts only (prices, limits, names). The first table that knows a model gives its price; limits are filled in from the others.
Tables drop models that their providers may still serve: older folders give those that a newer one has no price for.
tables.py gathers a newer folder.
The build never runs this; the result is committed.
"""
import gzip
import json
import re
import sys
from decimal import Decimal

MILLION = Decimal(1_000_000)

# genai-prices provider -> ours. Hugging Face's backends are folded into one provider below.
GENAI = {
    "anthropic": "anthropic", "aws": "bedrock", "azure": "azure", "cerebras": "cerebras", "cohere": "cohere",
    "deepseek": "deepseek", "fireworks": "fireworks", "google": "gemini", "groq": "groq", "minimax": "minimax",
    "mistral": "mistral", "moonshotai": "moonshot", "novita": "novita", "openai": "openai", "openrouter": "openrouter",
    "ovhcloud": "ovhcloud", "perplexity": "perplexity", "together": "together", "voyageai": "voyage", "x-ai": "xai",
    "zai": "zai",
}
LITELLM = {
    "ai21": "ai21", "anthropic": "anthropic", "azure": "azure", "azure_ai": "azure", "azure_text": "azure", "baseten": "baseten",
    "bedrock": "bedrock", "bedrock_converse": "bedrock", "bedrock_mantle": "bedrock", "cerebras": "cerebras",
    "cloudflare": "cloudflare", "cohere": "cohere", "cohere_chat": "cohere", "dashscope": "dashscope",
    "databricks": "databricks", "deepinfra": "deepinfra", "deepseek": "deepseek", "fireworks_ai": "fireworks",
    "fireworks_ai-embedding-models": "fireworks", "gemini": "gemini", "groq": "groq", "hyperbolic": "hyperbolic",
    "jina_ai": "jina", "lambda_ai": "lambda", "minimax": "minimax", "mistral": "mistral", "codestral": "mistral",
    "moonshot": "moonshot", "nebius": "nebius", "novita": "novita", "nvidia_nim": "nvidia", "openai": "openai",
    "text-completion-openai": "openai", "openrouter": "openrouter", "ovhcloud": "ovhcloud", "perplexity": "perplexity",
    "replicate": "replicate", "sambanova": "sambanova", "scaleway": "scaleway", "snowflake": "snowflake",
    "together_ai": "together", "voyage": "voyage", "watsonx": "watsonx", "xai": "xai", "zai": "zai",
    "vertex_ai": "vertex", "vertex_ai-language-models": "vertex", "vertex_ai-embedding-models": "vertex",
    "vertex_ai-anthropic_models": "vertex", "vertex_ai-mistral_models": "vertex", "vertex_ai-llama_models": "vertex",
    "vertex_ai-ai21_models": "vertex", "vertex_ai-qwen_models": "vertex", "vertex_ai-deepseek_models": "vertex",
    "vertex_ai-openai_models": "vertex", "vertex_ai-zai_models": "vertex", "vertex_ai-minimax_models": "vertex",
    "vertex_ai-moonshot_models": "vertex",
}
MODELSDEV = {
    "alibaba": "dashscope", "amazon-bedrock": "bedrock", "anthropic": "anthropic", "azure": "azure", "baseten": "baseten",
    "cerebras": "cerebras", "cloudflare-workers-ai": "cloudflare", "cohere": "cohere", "databricks": "databricks",
    "deepinfra": "deepinfra", "deepseek": "deepseek", "fireworks-ai": "fireworks", "google": "gemini",
    "google-vertex": "vertex", "google-vertex-anthropic": "vertex", "groq": "groq", "huggingface": "huggingface",
    "minimax": "minimax", "mistral": "mistral", "moonshotai": "moonshot", "nebius": "nebius", "novita-ai": "novita",
    "nvidia": "nvidia", "openai": "openai", "openrouter": "openrouter", "ovhcloud": "ovhcloud", "perplexity": "perplexity",
    "scaleway": "scaleway", "snowflake-cortex": "snowflake", "togetherai": "together", "xai": "xai", "zai": "zai",
}
# Price keys: genai-prices -> ours, dollars per million tokens.
GENAI_KEYS = {
    "input_mtok": "input", "cache_read_mtok": "cache_read", "cache_write_mtok": "cache_write",
    "cache_write_5m_mtok": "cache_write", "cache_write_1h_mtok": "cache_write_1h", "output_mtok": "output",
    "output_reasoning_mtok": "reasoning", "input_audio_mtok": "audio_in", "output_audio_mtok": "audio_out",
    "input_image_mtok": "image_in", "output_image_mtok": "image_out", "cache_audio_read_mtok": "audio_cached",
    "cache_image_read_mtok": "image_cached",
}
GENAI_PER_THOUSAND = {"requests_kcount": "request", "web_searches_kcount": "search"}
LITELLM_KEYS = {
    "input_cost_per_token": "input", "cache_read_input_token_cost": "cache_read",
    "cache_creation_input_token_cost": "cache_write", "cache_creation_input_token_cost_above_1hr": "cache_write_1h",
    "output_cost_per_token": "output", "output_cost_per_reasoning_token": "reasoning",
    "input_cost_per_audio_token": "audio_in", "output_cost_per_audio_token": "audio_out",
    "input_cost_per_image_token": "image_in", "output_cost_per_image_token": "image_out",
    "cache_read_input_audio_token_cost": "audio_cached",
}
# Suffixes of LiteLLM's price keys -> our terms.
LITELLM_TERMS = {"_flex": "flex", "_priority": "priority", "_batches": "batch"}
LITELLM_BOUNDS = (128, 200, 256, 272, 512)
TOKEN_MODES = ("chat", "completion", "embedding", "responses", "rerank")
PIECE_MODES = ("image_generation", "image_edit", "audio_transcription", "audio_speech")
PRICES = ["input", "cache_read", "cache_write", "cache_write_1h", "output", "reasoning", "audio_in", "audio_out",
          "image_in", "image_out", "audio_cached", "image_cached", "character", "second", "image", "search", "search_call",
          "file_search", "code_session", "request"]
TERMS = ["flex", "priority", "batch", "fast"]
# Where the first table is behind: the pointer moved to Mistral Large 3, as the two other tables say.
CORRECTIONS = [
    {"provider": "mistral", "model": "mistral-large-latest", "input": 0.5, "cache_read": 0.05, "output": 1.5},
    # Tables give a price for each size and quality; a budget must hold for the dearest.
    {"provider": "openai", "model": "dall-e-3", "input": 0, "output": 0, "image": 0.12},
    {"provider": "openai", "model": "dall-e-2", "input": 0, "output": 0, "image": 0.02},
    # The first table counts it among gpt-4o-mini, which does not search with every call.
    {"provider": "openai", "model": "gpt-4o-mini-search-preview", "also": ["gpt-4o-mini-search-preview-2025-03-11"], "input": 0.15,
     "cache_read": 0.075, "output": 0.6, "request": 0.0275},
]
# Fees of the tools that OpenAI runs (OpenAI's pricing page, "Built-in tools"; the container's also in LiteLLM), by model.
OPENAI_TOOLS = {"search": 0.01, "file_search": 0.0025, "code_session": 0.03}
OPENAI_WITH_TOOLS = re.compile(r"(gpt-4o|gpt-4\.1|gpt-[5-9]|o[134])(?!.*(audio|realtime|transcribe|tts|image|search))")
EMBEDDING = re.compile(r"embed|bge-|rerank|voyage-|jina-|(^|/)e5-|gte-|whisper|(^|/)tts-1")
MOST_DOLLARS = 1000  # per million tokens; what is above is a slip in a table
DATED = re.compile(r"(-\d{4}-\d{2}-\d{2}|[-@]\d{8})$")


def read(folder, name):
    with gzip.open(f"{folder}/{name}") as stream:
        return json.load(stream, parse_float=Decimal)


def tidy(value):
    """A whole number of nano-dollars as the shortest decimal."""
    amount = Decimal(value).quantize(Decimal("0.000000001")).normalize()
    return int(amount) if amount == amount.to_integral() else float(amount)


def tokenizer(model):
    name = model.lower()
    if "claude" in name:
        return "claude"
    if "gemini" in name or "gemma" in name:
        return "gemini"
    bare = name.rsplit("/", 1)[-1].removeprefix("openai.")
    if re.match(r"(gpt-4o|gpt-4\.[15]|gpt-[5-9]|gpt-oss|gpt-realtime|gpt-audio|gpt-image|chatgpt|codex|o[134](-|$))", bare):
        return "o200k"
    if re.match(r"(gpt-|text-embedding-|davinci|babbage|ada|computer-use|ft:gpt-3)", bare):
        return "cl100k"
    return "other"


# ── genai-prices ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

def names(match):
    """The exact names, prefixes and infixes of a match clause; its patterns all stand for dates, which the price book knows."""
    found = {"also": [], "prefix": [], "contains": []}
    for clause in match.get("or", [match]):
        if "equals" in clause:
            found["also"].append(clause["equals"])
        elif "starts_with" in clause:
            found["prefix"].append(clause["starts_with"])
        elif "contains" in clause:
            found["contains"].append(clause["contains"])
    return found


def genai_prices(prices):
    flat, tiers = {}, {}
    for key, value in prices.items():
        if key in GENAI_PER_THOUSAND:
            flat[GENAI_PER_THOUSAND[key]] = tidy(Decimal(value) / 1000)
        if key not in GENAI_KEYS:
            continue
        ours = GENAI_KEYS[key]
        if isinstance(value, dict):
            flat[ours] = tidy(value["base"])
            for tier in value["tiers"]:
                tiers.setdefault(tier["start"], {})[ours] = tidy(tier["price"])
        else:
            flat[ours] = tidy(value)
    if tiers:
        flat["over"] = [{"tokens": start, **tiers[start]} for start in sorted(tiers)]
    return flat


def dearest(periods):
    """Of prices that change with the hour of the day, the dearest: a budget must hold at any hour."""
    return max(periods, key=lambda p: (p.get("output", 0), p.get("input", 0)))


def genai_entry(provider, model):
    entry = {"provider": provider, "model": model["id"]}
    for kind, values in names(model["match"]).items():
        values = sorted({v for v in values if kind != "also" or v != model["id"]})
        if values:
            entry[kind] = values
    prices = model["prices"]
    if isinstance(prices, dict):
        entry.update(genai_prices(prices))
    elif any("start_time" in p.get("constraint", {}) for p in prices):
        entry.update(dearest([genai_prices(p["prices"]) for p in prices]))
    else:
        first, *later = prices
        entry.update(genai_prices(first["prices"]))
        entry["later"] = [{"from": p["constraint"]["start_date"], **genai_prices(p["prices"])} for p in later]
    if model.get("context_window"):
        entry["context"] = model["context_window"]
    return entry


def huggingface(providers):
    """One provider with many backends: MODEL:backend has its own price, MODEL alone the dearest."""
    by_model = {}
    for provider in providers:
        if not provider["id"].startswith("huggingface_"):
            continue
        backend = provider["id"].split("_", 1)[1]
        for model in provider["models"]:
            entry = genai_entry("huggingface", model)
            by_model.setdefault(entry["model"], []).append((backend, entry))
    for model, offers in by_model.items():
        yield {**dearest([e for _, e in offers]), "model": model}
        for backend, entry in offers:
            yield {k: v for k, v in {**entry, "model": f"{model}:{backend}"}.items() if k not in ("also", "prefix", "contains")}


# ── LiteLLM and models.dev ───────────────────────────────────────────────────────────────────────────────────────────────────

def litellm_name(key, row, provider):
    """A model's name at its provider; None for copies of a region, which have no name of their own there."""
    model = key
    for prefix in (row["litellm_provider"], provider, "bedrock_mantle", "azure_ai", "azure", "vertex_ai", "fireworks_ai"):
        model = model.removeprefix(prefix + "/")
    if provider == "bedrock" and "/" in model and not model.startswith("openai."):
        return None  # per-region copies: us-east-1/…; the table's own regional names are kept
    if provider == "azure" and model.split("/")[0] in ("us", "eu", "global", "global-standard"):
        return None
    return None if "-x-" in model else model  # size/quality/model: pictures by their size


def litellm_tokens(row, suffix=""):
    """Prices per million tokens, with those of longer calls."""
    entry = {}
    for theirs, ours in LITELLM_KEYS.items():
        value = row.get(theirs + suffix)
        free = ours.startswith("cache") and not value  # a zero there means that nobody knows
        if isinstance(value, (int, Decimal)) and not free:
            entry[ours] = tidy(Decimal(value) * MILLION)
    for bound in LITELLM_BOUNDS:
        above = {ours: tidy(Decimal(row[f"{theirs}_above_{bound}k_tokens{suffix}"]) * MILLION)
                 for theirs, ours in LITELLM_KEYS.items() if f"{theirs}_above_{bound}k_tokens{suffix}" in row}
        if above:
            entry.setdefault("over", []).append({"tokens": bound * 1000, **above})
    return entry


def litellm_pieces(row, provider):
    """Prices of what is billed by the piece, second or character, and of searches."""
    entry = {}
    if row.get("mode") in PIECE_MODES:
        if "output_cost_per_image_token" not in row and row.get("output_cost_per_image"):
            entry["image"] = tidy(row["output_cost_per_image"])
        second = row.get("input_cost_per_second") or row.get("output_cost_per_second")
        if second:
            entry["second"] = tidy(second)
        if row.get("input_cost_per_character"):
            entry["character"] = tidy(Decimal(row["input_cost_per_character"]) * MILLION)
    search = (row.get("search_context_cost_per_query") or {}).get("search_context_size_medium")
    if search and provider in ("gemini", "vertex", "anthropic", "bedrock", "azure"):
        per_call = provider in ("gemini", "vertex") and "claude" not in str(row) and row.get("web_search_billing_unit") != "per_query"
        entry["search_call" if per_call else "search"] = tidy(search)
    elif search and provider == "openai" and "-search" in row["model"]:  # models that search with every call
        entry["request"] = tidy(search)
    return entry


def litellm_terms(row):
    """Prices on other terms than the usual ones."""
    terms = {}
    for suffix, ours in LITELLM_TERMS.items():
        prices = litellm_tokens(row, suffix)
        if "input" in prices and "output" in prices:
            terms[ours] = prices
    fast = (row.get("provider_specific_entry") or {}).get("fast")
    if fast:
        terms["fast"] = {ours: tidy(Decimal(row[theirs]) * MILLION * Decimal(fast))
                         for theirs, ours in LITELLM_KEYS.items() if row.get(theirs)}
    return terms


def litellm_entry(key, row):
    provider = LITELLM.get(row.get("litellm_provider"))
    model = provider and row.get("mode") in TOKEN_MODES + PIECE_MODES and litellm_name(key, row, provider)
    if not model:
        return None
    pieces = litellm_pieces({**row, "model": model}, provider)
    entry = {"provider": provider, "model": model, **litellm_tokens(row), **pieces, **litellm_terms(row)}
    if "input" not in entry and not any(piece in entry for piece in ("image", "second", "character")):
        return None
    entry.setdefault("input", 0)
    entry.setdefault("output", 0)
    if row.get("mode") in ("embedding", "rerank"):
        entry["kind"] = "embedding"
        entry["output"] = 0
    if not is_priced(entry):
        return None  # "free" in that table is mostly "not known"
    return entry


def is_priced(entry):
    return any(entry.get(key) for key in ("input", "output", "image_out", "audio_out", "image", "second", "character"))


def modelsdev_entry(provider, model, row):
    cost = row.get("cost") or {}
    if not cost.get("input"):
        return None
    entry = {"provider": provider, "model": model, "input": tidy(cost["input"]), "output": tidy(cost.get("output", 0))}
    for ours in ("cache_read", "cache_write", "reasoning"):
        if cost.get(ours):
            entry[ours] = tidy(cost[ours])
    if "embed" in model.lower():
        entry["kind"] = "embedding"
    return entry


class Limits:
    """Context window and output limit by model: what the provider's own row says, else what most tables say of that name."""

    def __init__(self):
        self.told = {}

    def add(self, provider, model, context, output):
        for key in ((provider, model), self.stem(model)):
            for field, value in (("context", context), ("max_output", output)):
                if value:
                    self.told.setdefault((key, field), []).append(int(value))

    def fill(self, entry):
        for key in ((entry["provider"], entry["model"]), self.stem(entry["model"])):
            for field in ("context", "max_output"):
                values = self.told.get((key, field))
                if values and field not in entry:
                    entry[field] = max(values, key=lambda v: (values.count(v), v))

    @staticmethod
    def stem(model):
        name = DATED.sub("", re.sub(r"(-v\d+:\d+|:[a-z0-9-]+)$", "", model.lower().rsplit("/", 1)[-1]))
        name = re.sub(r"^(us|eu|apac|global|au|jp|us-gov)\.", "", name)
        return re.sub(r"^(anthropic|amazon|meta|mistral|openai|cohere|ai21|deepseek|qwen|minimax|moonshot|zai)\.", "", name)


# ── All together ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

def covers(known, entry):
    """Whether an entry of an earlier table already stands for this one: under another name, or by a part of it at equal prices."""
    if known["provider"] != entry["provider"]:
        return False
    name, stem = entry["model"].lower(), DATED.sub("", entry["model"].lower())
    if entry["model"] in known.get("also", ()) or stem == known["model"].lower():
        return True
    if entry["provider"] == "bedrock" and known.get("contains"):
        # The first table prices regional and global names apart; the others mix them up.
        return any(c in name for c in known["contains"])
    fits = any(name.startswith(p.lower()) for p in known.get("prefix", ())) or any(c.lower() in name for c in known.get("contains", ()))
    return fits and all(entry.get(k) == known.get(k) for k in ("input", "output"))


def complete(known, entry):
    """Adds cache prices that an earlier table leaves out to its entry, where both agree on everything else."""
    if known and entry and all(entry.get(k) == known.get(k) for k in ("input", "output")):
        for key in ("cache_read", "cache_write"):
            if key in entry:
                known.setdefault(key, entry[key])


def in_force(entry, date):
    """The part of an entry that holds on the date of the tables: itself, or the last of its later prices."""
    held = [later for later in entry.get("later", ()) if later["from"] <= date]
    return held[-1] if held else entry


def complete_pieces(known, entry, date):
    """Adds fees and terms that an earlier table leaves out to its entry, where both agree on the usual prices."""
    if not known or known is entry:
        return
    now = in_force(known, date)
    if all(entry.get(k) == now.get(k, known.get(k)) for k in ("input", "output")):
        for key in TERMS:
            if key in entry:
                now.setdefault(key, entry[key])
    for key in ("search", "search_call", "request", "second", "character", "audio_cached"):
        if key in entry and not ("search" in known and key == "search_call"):
            known.setdefault(key, entry[key])


def tools(entry):
    if entry["provider"] in ("openai", "azure") and OPENAI_WITH_TOOLS.match(entry["model"]):
        for key, fee in OPENAI_TOOLS.items():
            entry.setdefault(key, fee)


def collect(folder, date):
    genai = read(folder, "genai-prices.v2.data.json.gz")
    litellm = read(folder, "litellm.model_prices_and_context_window.json.gz")
    modelsdev = read(folder, "models.dev.json.gz")
    entries, limits = {}, Limits()

    def add(entry):
        if entry and not re.search(r"\s", entry["model"]):
            key = (entry["provider"], entry["model"].lower())
            if key not in entries and not any(covers(e, entry) for e in entries.values()):
                entries[key] = entry

    for entry in CORRECTIONS:
        add(dict(entry))
    for provider in genai:
        if provider["id"] in GENAI:
            for model in provider["models"]:
                ours = "vertex" if provider["id"] == "google" and "claude" in model["id"] else GENAI[provider["id"]]
                add(genai_entry(ours, model))
    for entry in huggingface(genai):
        add(entry)
    for key, row in litellm.items():
        entry = litellm_entry(key, row) if isinstance(row, dict) else None
        if entry:
            limits.add(entry["provider"], entry["model"], row.get("max_input_tokens"), row.get("max_output_tokens"))
            add(entry)
            complete_pieces(named(entries, entry), entry, date)
    for theirs, ours in MODELSDEV.items():
        for model, row in modelsdev[theirs]["models"].items():
            limit = row.get("limit") or {}
            limits.add(ours, model, limit.get("context"), limit.get("output"))
            entry = modelsdev_entry(ours, model, row)
            add(entry)
            complete(entries.get((ours, model.lower())), entry)
    for model in modelsdev["github-models"]["models"]:  # billed at the vendors' own prices
        vendor, name = model.split("/", 1)
        vendor = {"mistral-ai": "mistral", "cohere": "cohere", "openai": "openai", "deepseek": "deepseek", "xai": "xai"}.get(vendor)
        source = entries.get((vendor, name.lower()))
        if source:
            add({**{k: v for k, v in source.items() if k not in ("also", "prefix", "contains")}, "provider": "github", "model": model})
    for vendor, prefix in (("openai", "openai/"), ("gemini", "google/"), ("xai", "x-ai/")):  # passed on at the vendors' prices
        for source in [e for e in entries.values() if e["provider"] == vendor]:
            add({**{k: v for k, v in source.items() if k not in ("also", "prefix", "contains")}, "provider": "openrouter",
                 "model": prefix + source["model"]})
    for entry in entries.values():
        tools(entry)
    corrected = {(c["provider"], name) for c in CORRECTIONS for name in (c["model"], *c.get("also", ()))}
    for entry in entries.values():
        if (entry["provider"], entry["model"]) not in corrected:
            entry["also"] = [name for name in entry.get("also", ()) if (entry["provider"], name) not in corrected]
    return [finish(e, limits) for e in entries.values()]


def named(entries, entry):
    """The entry of that name, with or without the date behind it."""
    name = entry["model"].lower()
    return entries.get((entry["provider"], name)) or entries.get((entry["provider"], DATED.sub("", name)))


def finish(entry, limits):
    limits.fill(entry)
    if EMBEDDING.search(entry["model"].lower()):
        entry["kind"], entry["output"] = "embedding", 0
    if entry.get("kind") == "embedding":
        entry.pop("max_output", None)
    entry["tokenizer"] = tokenizer(entry["model"])
    order = ["provider", "model", "also", "prefix", "contains", *PRICES, "over", *TERMS, "later", "context", "max_output", "kind", "tokenizer"]
    for key in list(entry):
        if key in ("also", "prefix", "contains", "over", "later") and not entry[key]:
            del entry[key]
    entry.setdefault("input", 0)
    entry.setdefault("output", 0)
    return {key: entry[key] for key in order if key in entry}


def believable(entry):
    pieces = any(entry.get(key) for key in ("image_out", "audio_out", "image", "second", "character"))
    priced = entry["output"] > 0 or pieces or (entry.get("kind") == "embedding" and entry["input"] > 0)
    return priced and max(entry["input"], entry["output"]) <= MOST_DOLLARS


def stands_for(known, entry):
    """Whether a newer entry has the name of an older one or covers it."""
    same = known["provider"] == entry["provider"] and known["model"].lower() == entry["model"].lower()
    return same or covers(known, entry)


def main():
    date = sys.argv[1]
    head = open(__file__.replace("convert.py", "head.txt")).read()
    sys.stdout.write(head.replace("@DATE@", date))
    entries = []
    for folder in sys.argv[2:]:
        older = [e for e in collect(folder, date) if believable(e)]
        entries += [e for e in older if not any(stands_for(known, e) for known in entries)]
    for entry in sorted(entries, key=lambda e: (e["provider"], e["model"].lower())):
        sys.stdout.write("- " + json.dumps(entry, ensure_ascii=False, separators=(", ", ": ")) + "\n")


if __name__ == "__main__":
    main()
