// Real clients whose calls wait for a person: approved soon, approved after heartbeats, approved across the client's own retries, denied, and parked and
// made again. In each case a person is asked once, and the provider is called at most once. Usage: holds.mjs GATEWAY KEY KIT CONSOLE TOKEN PROVIDER
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [gateway, key, kit, console_, token, provider] = process.argv.slice(2);

const load = async (folder, name) => {
    const home = path.join(kit, 'npm', folder);
    if (!existsSync(path.join(home, 'node_modules', name))) return undefined;
    const at = createRequire(path.join(path.resolve(home), 'package.json'));
    return { sdk: await import(pathToFileURL(at.resolve(name))), version: at(path.join(path.resolve(home), 'node_modules', name, 'package.json')).version };
};
const openai = await load('openai', 'openai');
const anthropic = await load('anthropic', '@anthropic-ai/sdk');
const genai = await load('genai', '@google/genai');

// Each client as a function of a text and, where it tries again by itself, of a timeout; yields what the model said.
const clients = [];
if (openai) {
    const client = timeout => new openai.sdk.default({ apiKey: key, baseURL: `${gateway}/v1/openai`, maxRetries: timeout ? 6 : 0, timeout: timeout ?? 60_000 });
    const said = content => [{ role: 'user', content }];
    clients.push({ name: `openai ${openai.version}, chat`, retries: true, ask: async (text, timeout) => (await client(timeout).chat.completions.create({ model: 'gpt-4o-mini', max_tokens: 20, messages: said(text) })).choices[0].message.content });
    clients.push({
        name: `openai ${openai.version}, chat stream`, retries: true, ask: async (text, timeout) => {
            let all = '';
            for await (const chunk of await client(timeout).chat.completions.create({ model: 'gpt-4o-mini', max_tokens: 20, messages: said(text), stream: true })) all += chunk.choices[0]?.delta?.content ?? '';
            return all;
        },
    });
    clients.push({ name: `openai ${openai.version}, responses`, retries: true, ask: async (text, timeout) => (await client(timeout).responses.create({ model: 'gpt-4o-mini', input: text, max_output_tokens: 20 })).output_text });
    clients.push({
        name: `openai ${openai.version}, responses stream`, retries: true, ask: async (text, timeout) => {
            const stream = client(timeout).responses.stream({ model: 'gpt-4o-mini', input: text, max_output_tokens: 20 });
            for await (const event of stream) if (event.type === 'response.failed') throw new Error(event.response.error.message);
            return (await stream.finalResponse()).output_text;
        },
    });
}
if (anthropic) {
    const client = timeout => new anthropic.sdk.default({ apiKey: key, baseURL: `${gateway}/anthropic`, maxRetries: timeout ? 6 : 0, timeout: timeout ?? 60_000 });
    const body = content => ({ model: 'claude-sonnet-4-5', max_tokens: 20, messages: [{ role: 'user', content }] });
    clients.push({ name: `@anthropic-ai/sdk ${anthropic.version}`, retries: true, ask: async (text, timeout) => (await client(timeout).messages.create(body(text))).content[0].text });
    clients.push({ name: `@anthropic-ai/sdk ${anthropic.version}, stream`, retries: true, ask: async (text, timeout) => (await client(timeout).messages.stream(body(text)).finalMessage()).content[0].text });
}
if (genai) {
    const client = () => new genai.sdk.GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: `${gateway}/gemini` } });
    const body = contents => ({ model: 'gemini-2.5-flash', contents, config: { maxOutputTokens: 20 } });
    clients.push({ name: `@google/genai ${genai.version}`, ask: async text => (await client().models.generateContent(body(text))).text });
    clients.push({
        name: `@google/genai ${genai.version}, stream`, ask: async text => {
            let all = '';
            for await (const chunk of await client().models.generateContentStream(body(text))) all += chunk.text ?? '';
            return all;
        },
    });
}

const api = async (route, body) => {
    const answer = await fetch(console_ + route, { method: body ? 'POST' : 'GET', headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) }, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${route}: ${answer.status} ${await answer.text()}`);
    return answer.json();
};
const sleep = ms => new Promise(done => setTimeout(done, ms));
const pending = async () => (await api('/api/v1/tickets?state=pending&limit=50')).tickets;
const ticket = async () => {
    for (let i = 0; i < 200; i++) {
        const [first] = await pending();
        if (first) return first;
        await sleep(25);
    }
    throw new Error('no ticket opened');
};
const decide = async (id, decision) => api(`/api/v1/tickets/${id}/${decision}`, { note: decision === 'deny' ? 'not today' : '' });
const calls = async () => (await (await fetch(`${provider}/__log`)).json()).filter(entry => entry.ev === 'req').length;
const outcome = async asking => asking.then(text => ({ text }), error => ({ error: error.message }));

let failures = 0, passed = 0, number = 0;
const check = async (client, kind, run) => {
    await fetch(`${provider}/__reset`, { method: 'POST' });
    const text = `case ${++number}`;
    let told;
    try {
        told = await run(text);
    } catch (fault) {
        told = { wrong: fault.message };
    }
    const asked = told.tickets ? new Set(told.tickets).size : 0, sent = await calls();
    const wrong = told.wrong ?? (asked !== 1 ? `a person was asked ${asked} times` : sent !== told.sent ? `the provider was called ${sent} times` : undefined);
    if (wrong) failures++; else passed++;
    console.log(`${wrong ? 'FAIL' : 'PASS'} ${client.name}: ${kind}${wrong ? `: ${wrong}` : `, asked once, provider called ${sent}x`}`);
    for (const left of await pending()) await decide(left.id, 'deny');
};
const answered = ({ text, error }) => (text ? undefined : `no answer: ${error}`);

for (const client of clients) {
    await check(client, 'approved at once', async text => {
        const asking = outcome(client.ask(text));
        const { id } = await ticket();
        await decide(id, 'approve');
        return { tickets: [id], sent: 1, wrong: answered(await asking) };
    });
    await check(client, 'approved after heartbeats', async text => {
        const asking = outcome(client.ask(text));
        const { id } = await ticket();
        await sleep(2500);
        await decide(id, 'approve');
        return { tickets: [id], sent: 1, wrong: answered(await asking) };
    });
    if (client.retries) {
        await check(client, 'approved across its own retries', async text => {
            const asking = outcome(client.ask(text, 700));
            const { id } = await ticket();
            await sleep(2500);
            const tickets = [id, ...(await pending()).map(one => one.id)];
            await decide(id, 'approve');
            return { tickets, sent: 1, wrong: answered(await asking) };
        });
    }
    await check(client, 'denied', async text => {
        const asking = outcome(client.ask(text));
        const { id } = await ticket();
        await decide(id, 'deny');
        const { text: said, error } = await asking;
        return { tickets: [id], sent: 0, wrong: /was not approved: not today/.test(error ?? '') ? undefined : `not told so: ${said ?? error}` };
    });
    await check(client, 'parked, and made again', async text => {
        const { text: said, error } = await outcome(client.ask(text));
        const [first] = await pending();
        if (!first) return { wrong: `no ticket is left; told: ${said ?? error}` };
        if (!`${said} ${error}`.includes(`waits for a person's approval`)) return { wrong: `not told so: ${said ?? error}` };
        const again = outcome(client.ask(text));
        await sleep(300);
        const tickets = [first.id, ...(await pending()).map(one => one.id)];
        await decide(first.id, 'approve');
        return { tickets, sent: 1, wrong: answered(await again) };
    });
}
if (clients.length === 0) console.log('FAIL no SDK is installed');
console.log(`${passed} passed, ${failures} failed`);
process.exit(failures || clients.length === 0 ? 1 : 0);
