package dev.tollgate.console;

import java.util.List;

/** How each client is pointed at the gateway: the lines that were seen to work ({@code gateway/docs/clients.md}). */
final class Clients {
    private Clients() {}

    /**
     * One client.
     *
     * @param id in addresses
     * @param title for people
     * @param where what the lines are, or where they go
     * @param lines to copy
     * @param hint what to know besides; empty for nothing
     */
    record Client(String id, String title, String where, String lines, String hint) {}

    /**
     * @param url base URL of the gateway
     * @param model one that answers without a provider's credential
     */
    static List<Client> all(String url, String model) {
        return List.of(
                new Client(
                        "curl",
                        "curl",
                        "In a shell",
                        """
                        export TOLLGATE_KEY=tg_…
                        curl %s/v1/chat/completions \\
                          -H "Authorization: Bearer $TOLLGATE_KEY" \\
                          -H "Content-Type: application/json" \\
                          -d '{"model":"%s","messages":[{"role":"user","content":"Hello"}]}'
                        """.formatted(url, model),
                        "The model " + model + " answers without any provider's key."),
                new Client("openai-python", "OpenAI, Python", "In your program", """
                        import os
                        from openai import OpenAI

                        client = OpenAI(api_key=os.environ["TOLLGATE_KEY"], base_url="%s/v1/openai")
                        """.formatted(url), ""),
                new Client("openai-js", "OpenAI, JavaScript", "In your program", """
                        import OpenAI from 'openai';

                        const client = new OpenAI({ apiKey: process.env.TOLLGATE_KEY, baseURL: '%s/v1/openai' });
                        """.formatted(url), ""),
                new Client("anthropic-python", "Anthropic, Python", "In your program", """
                        import os
                        from anthropic import Anthropic

                        client = Anthropic(api_key=os.environ["TOLLGATE_KEY"], base_url="%s/anthropic")
                        """.formatted(url), ""),
                new Client("anthropic-js", "Anthropic, JavaScript", "In your program", """
                        import Anthropic from '@anthropic-ai/sdk';

                        const client = new Anthropic({ apiKey: process.env.TOLLGATE_KEY, baseURL: '%s/anthropic' });
                        """.formatted(url), ""),
                new Client(
                        "vercel-ai",
                        "Vercel AI",
                        "In your program",
                        """
                        import { createOpenAI } from '@ai-sdk/openai';

                        const openai = createOpenAI({ apiKey: process.env.TOLLGATE_KEY, baseURL: '%s/v1/openai' });
                        """.formatted(url),
                        "createGoogleGenerativeAI wants /gemini/v1beta as its base URL."),
                new Client("genai-python", "Gemini, Python", "In your program", """
                        import os
                        from google import genai

                        client = genai.Client(api_key=os.environ["TOLLGATE_KEY"], http_options={"base_url": "%s/gemini"})
                        """.formatted(url), ""),
                new Client("genai-js", "Gemini, JavaScript", "In your program", """
                        import { GoogleGenAI } from '@google/genai';

                        const client = new GoogleGenAI({ apiKey: process.env.TOLLGATE_KEY, httpOptions: { baseUrl: '%s/gemini' } });
                        """.formatted(url), ""),
                new Client(
                        "langchain",
                        "LangChain",
                        "In your program",
                        """
                        import { ChatOpenAI } from '@langchain/openai';

                        const model = new ChatOpenAI({ apiKey: process.env.TOLLGATE_KEY, configuration: { baseURL: '%s/v1/openai' } });
                        """.formatted(url),
                        "ChatAnthropic takes anthropicApiUrl: '" + url + "/anthropic'."),
                new Client(
                        "claude-code",
                        "Claude Code",
                        "In a shell",
                        """
                        export ANTHROPIC_BASE_URL=%s/anthropic
                        export ANTHROPIC_API_KEY=$TOLLGATE_KEY
                        claude -p 'hello'
                        """.formatted(url),
                        "ANTHROPIC_AUTH_TOKEN in place of ANTHROPIC_API_KEY works as well."),
                new Client(
                        "codex",
                        "Codex",
                        "In ~/.codex/config.toml",
                        """
                        model = "gpt-5"
                        model_provider = "tollgate"

                        [model_providers.tollgate]
                        name = "Tollgate"
                        base_url = "%s/v1/openai"
                        env_key = "TOLLGATE_KEY"
                        wire_api = "responses"
                        """.formatted(url),
                        "Codex does not read OPENAI_BASE_URL."),
                new Client("opencode", "OpenCode", "In opencode.json", """
                        {
                          "provider": {
                            "anthropic": { "options": { "baseURL": "%s/anthropic/v1", "apiKey": "{env:TOLLGATE_KEY}" } },
                            "openai": { "options": { "baseURL": "%s/v1/openai", "apiKey": "{env:TOLLGATE_KEY}" } }
                          }
                        }
                        """.formatted(url, url), ""),
                new Client(
                        "gemini-cli",
                        "Gemini CLI",
                        "In a shell",
                        """
                        export GOOGLE_GEMINI_BASE_URL=%s/gemini
                        export GEMINI_API_KEY=$TOLLGATE_KEY
                        gemini -p 'hello'
                        """.formatted(url),
                        "It also wants {\"security\": {\"auth\": {\"selectedType\": \"gemini-api-key\"}}} in ~/.gemini/settings.json."));
    }
}
