// The clients whose calls are held in the checks: SDKs, and the agent CLIs of the kit. Each asks one question and yields what the model said.
import fs, { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const load = async (kit, folder, name) => {
    const home = path.resolve(kit, 'npm', folder);
    if (!existsSync(path.join(home, 'node_modules', name))) return undefined;
    const at = createRequire(path.join(home, 'package.json'));
    const file = import.meta.resolve ? pathToFileURL(at.resolve(name)) : at.resolve(name);
    return { sdk: await import(file), version: at(path.join(home, 'node_modules', name, 'package.json')).version };
};

const joined = async (stream, piece) => {
    let all = '';
    for await (const event of stream) all += piece(event) ?? '';
    return all;
};

/**
 * The SDKs that are installed in a kit: {name, retries, ask(place, text, timeout)}. A place is {gateway, key}; with a timeout in milliseconds, a client
 * that tries again by itself (retries) does so after it.
 */
export const sdks = async kit => {
    const openai = await load(kit, 'openai', 'openai');
    const anthropic = await load(kit, 'anthropic', '@anthropic-ai/sdk');
    const genai = await load(kit, 'genai', '@google/genai');
    const ai = await load(kit, 'vercel-ai', 'ai');
    const chain = await load(kit, 'langchain', '@langchain/openai');
    const clients = [];
    if (openai) {
        const client = ({ gateway, key }, timeout) => new openai.sdk.default({ apiKey: key, baseURL: `${gateway}/v1/openai`, maxRetries: timeout ? 6 : 0, timeout: timeout ?? 900_000 });
        const chat = text => ({ model: 'gpt-4o-mini', max_tokens: 20, messages: [{ role: 'user', content: text }] });
        const responses = text => ({ model: 'gpt-4o-mini', input: text, max_output_tokens: 20 });
        const name = `openai ${openai.version}`;
        clients.push({ name: `${name}, chat`, retries: true, ask: async (place, text, timeout) => (await client(place, timeout).chat.completions.create(chat(text))).choices[0].message.content });
        clients.push({ name: `${name}, chat stream`, retries: true, ask: async (place, text, timeout) => joined(await client(place, timeout).chat.completions.create({ ...chat(text), stream: true }), chunk => chunk.choices[0]?.delta?.content) });
        clients.push({ name: `${name}, responses`, retries: true, ask: async (place, text, timeout) => (await client(place, timeout).responses.create(responses(text))).output_text });
        clients.push({
            name: `${name}, responses stream`, retries: true, ask: async (place, text, timeout) => {
                const stream = client(place, timeout).responses.stream(responses(text));
                for await (const event of stream) if (event.type === 'response.failed') throw new Error(event.response.error.message);
                return (await stream.finalResponse()).output_text;
            },
        });
    }
    if (anthropic) {
        const client = ({ gateway, key }, timeout) => new anthropic.sdk.default({ apiKey: key, baseURL: `${gateway}/anthropic`, maxRetries: timeout ? 6 : 0, timeout: timeout ?? 900_000 });
        const body = content => ({ model: 'claude-sonnet-4-5', max_tokens: 20, messages: [{ role: 'user', content }] });
        const name = `@anthropic-ai/sdk ${anthropic.version}`;
        clients.push({ name, retries: true, ask: async (place, text, timeout) => (await client(place, timeout).messages.create(body(text))).content[0].text });
        clients.push({ name: `${name}, stream`, retries: true, ask: async (place, text, timeout) => (await client(place, timeout).messages.stream(body(text)).finalMessage()).content[0].text });
    }
    if (genai) {
        const client = ({ gateway, key }) => new genai.sdk.GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: `${gateway}/gemini` } });
        const body = contents => ({ model: 'gemini-2.5-flash', contents, config: { maxOutputTokens: 20 } });
        const name = `@google/genai ${genai.version}`;
        clients.push({ name, ask: async (place, text) => (await client(place).models.generateContent(body(text))).text });
        clients.push({ name: `${name}, stream`, ask: async (place, text) => joined(await client(place).models.generateContentStream(body(text)), chunk => chunk.text) });
    }
    if (ai) {
        const { createOpenAI } = (await load(kit, 'vercel-ai', '@ai-sdk/openai')).sdk, { createAnthropic } = (await load(kit, 'vercel-ai', '@ai-sdk/anthropic')).sdk;
        const models = {
            openai: ({ gateway, key }) => createOpenAI({ apiKey: key, baseURL: `${gateway}/v1/openai` })('gpt-4o-mini'),
            anthropic: ({ gateway, key }) => createAnthropic({ apiKey: key, baseURL: `${gateway}/anthropic/v1` })('claude-sonnet-4-5'),
        };
        const options = (model, prompt, timeout) => ({ model, prompt, maxOutputTokens: 20, maxRetries: timeout ? 6 : 0 });
        for (const [kind, model] of Object.entries(models)) {
            clients.push({ name: `ai ${ai.version}, ${kind}`, ask: async (place, text, timeout) => (await ai.sdk.generateText(options(model(place), text, timeout))).text });
            clients.push({
                name: `ai ${ai.version}, ${kind} stream`, ask: async (place, text, timeout) => {
                    let fault;
                    const all = await joined(ai.sdk.streamText({ ...options(model(place), text, timeout), onError: ({ error }) => { fault = error; } }).textStream, piece => piece);
                    if (fault) throw fault;
                    return all;
                },
            });
        }
    }
    if (chain) {
        const { ChatAnthropic } = (await load(kit, 'langchain', '@langchain/anthropic')).sdk;
        const text = content => (typeof content === 'string' ? content : content.map(part => part.text ?? '').join(''));
        const models = {
            openai: ({ gateway, key }, timeout) => new chain.sdk.ChatOpenAI({ model: 'gpt-4o-mini', maxTokens: 20, apiKey: key, maxRetries: timeout ? 6 : 0, configuration: { baseURL: `${gateway}/v1/openai` }, timeout }),
            anthropic: ({ gateway, key }, timeout) => new ChatAnthropic({ model: 'claude-sonnet-4-5', maxTokens: 20, apiKey: key, maxRetries: timeout ? 6 : 0, anthropicApiUrl: `${gateway}/anthropic` }),
        };
        for (const [kind, model] of Object.entries(models)) {
            clients.push({ name: `LangChain ${chain.version}, ${kind}`, ask: async (place, said, timeout) => text((await model(place, timeout).invoke(said)).content) });
            clients.push({ name: `LangChain ${chain.version}, ${kind} stream`, ask: async (place, said, timeout) => joined(await model(place, timeout).stream(said), piece => text(piece.content)) });
        }
    }
    return clients;
};

/** Starts something that makes folders of its own, in these ones where they are named: a kit's client in the folder where it was before. */
const within = (folder, start) => {
    if (!folder) return start();
    const usual = fs.mkdtempSync;
    fs.mkdtempSync = prefix => {
        const same = path.join(folder, path.basename(prefix));
        fs.mkdirSync(same, { recursive: true });
        return same;
    };
    try {
        return start();
    } finally {
        fs.mkdtempSync = usual;
    }
};

/** The agent CLIs that are installed in a kit; each ends with what it printed. `folder` is where one works that is to be started there again. */
export const agents = async kit => {
    const { defs, runCli } = await import(pathToFileURL(path.resolve(kit, 'cli-defs.mjs')));
    // One installation of these speaks several wires.
    const folder = name => name.replace(/^(opencode|openclaw)-.*/, '$1');
    const installed = name => existsSync(path.resolve(kit, 'npm', folder(name), 'node_modules'));
    return Object.keys(defs).filter(name => installed(name) && !['claude-code-bearer', 'codex-builtin'].includes(name)).map(name => ({
        name, isAgent: true,
        ask: async ({ gateway, key, folder }, text, timeout) => {
            const context = {
                openai: `${gateway}/v1/openai`, anthropic: `${gateway}/anthropic`, gemini: `${gateway}/gemini`, key, headers: {},
                model: { openai: 'gpt-4o-mini', anthropic: 'claude-sonnet-4-5', gemini: 'gemini-2.5-flash', codex: 'gpt-5' },
            };
            const { out, err, timedOut } = await within(folder, () => runCli(name, context, text, { timeout: (timeout ?? 900_000) / 1000 }));
            const all = `${out}\n${err}`.split(text).join('');
            if (!/FAKE-OK/.test(all)) throw new Error((timedOut ? 'gave up waiting: ' : '') + all.replace(/\s+/g, ' '));
            return out;
        },
    }));
};
