// What SDKs do when they are refused, counted and timed between them and the gateway: one request on a budget denial, and one more after the told
// time on a rate limit. Usage: denials.mjs GATEWAY KEY KIT [PYTHON], the SDKs installed in KIT/npm, and for PYTHON (an interpreter) beside it.
import { spawnSync, spawn } from 'node:child_process';
import http from 'node:http';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [gateway, key, kit, python] = process.argv.slice(2);
// How much later than told a client may come again.
const LATE_MS = 2500;

// A proxy that notes when each request came and what it was answered.
let seen = [];
const target = new URL(gateway);
const proxy = http.createServer((request, response) => {
    const entry = { at: Date.now(), status: 0, after: undefined };
    seen.push(entry);
    const onward = http.request({ host: target.hostname, port: target.port, path: request.url, method: request.method, headers: request.headers }, answer => {
        entry.status = answer.statusCode;
        entry.after = answer.headers['retry-after'];
        response.writeHead(answer.statusCode, answer.rawHeaders);
        answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
});
await new Promise(listening => proxy.listen(0, '127.0.0.1', listening));
const base = `http://127.0.0.1:${proxy.address().port}`;

const load = async (folder, name) => {
    const home = path.join(kit, 'npm', folder);
    if (!existsSync(path.join(home, 'node_modules', name))) return undefined;
    const at = createRequire(path.join(path.resolve(home), 'package.json'));
    return { sdk: await import(pathToFileURL(at.resolve(name))), version: at(path.join(path.resolve(home), 'node_modules', name, 'package.json')).version };
};
const openai = await load('openai', 'openai');
const anthropic = await load('anthropic', '@anthropic-ai/sdk');
const genai = await load('genai', '@google/genai');

const messages = [{ role: 'user', content: 'hello' }];
const clients = [];
if (openai) {
    const client = headers => new openai.sdk.default({ apiKey: key, baseURL: `${base}/v1/openai`, defaultHeaders: headers });
    clients.push({ name: `openai ${openai.version}, chat`, retries: true, call: headers => client(headers).chat.completions.create({ model: 'gpt-4o-mini', messages, max_tokens: 20 }) });
    clients.push({ name: `openai ${openai.version}, chat stream`, retries: true, call: async headers => { for await (const _ of await client(headers).chat.completions.create({ model: 'gpt-4o-mini', messages, max_tokens: 20, stream: true })); } });
    clients.push({ name: `openai ${openai.version}, responses`, retries: true, call: headers => client(headers).responses.create({ model: 'gpt-4o-mini', input: 'hello', max_output_tokens: 20 }) });
}
if (anthropic) {
    const client = headers => new anthropic.sdk.default({ apiKey: key, baseURL: `${base}/anthropic`, defaultHeaders: headers });
    clients.push({ name: `@anthropic-ai/sdk ${anthropic.version}`, retries: true, call: headers => client(headers).messages.create({ model: 'claude-sonnet-4-5', max_tokens: 20, messages }) });
    clients.push({ name: `@anthropic-ai/sdk ${anthropic.version}, stream`, retries: true, call: headers => client(headers).messages.stream({ model: 'claude-sonnet-4-5', max_tokens: 20, messages }).finalMessage() });
}
if (genai) {
    // Google's SDK tries nothing again by itself.
    const call = headers => new genai.sdk.GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: `${base}/gemini`, headers } }).models.generateContent({ model: 'gemini-2.5-flash', contents: 'hello', config: { maxOutputTokens: 20 } });
    clients.push({ name: `@google/genai ${genai.version}`, retries: false, call });
}
if (python) {
    const script = path.join(path.dirname(fileURLToPath(import.meta.url)), 'denials.py');
    const versions = spawnSync(python, [script, 'versions']).stdout.toString().trim().split('\n');
    for (const [index, kind] of ['openai', 'anthropic'].entries()) {
        clients.push({
            name: `Python ${versions[index]}`,
            retries: true,
            // An interpreter takes seconds to start, and more where the machine is busy.
            rate: 'slow-rate',
            call: headers => new Promise((done, failed) => {
                const child = spawn(python, [script, kind, base, headers['X-Tollgate-Tags']], { env: { ...process.env, TG_KEY: key } });
                let said = '';
                child.stdout.on('data', data => (said += data));
                child.stderr.on('data', data => (said += data));
                child.on('exit', code => (code === 0 ? done() : failed(new Error(said.trim().split('\n').pop()))));
            }),
        });
    }
}

const attempt = async (client, kind) => {
    seen = [];
    const slug = client.name.replace(/[^A-Za-z0-9]+/g, '-');
    try {
        await client.call({ 'X-Tollgate-Tags': `case=${kind},client=${slug}` });
        return { error: undefined, seen };
    } catch (error) {
        return { error, seen };
    }
};

let failures = 0;
const report = (holds, name, what) => {
    failures += holds ? 0 : 1;
    console.log(`${holds ? 'PASS' : 'FAIL'} ${name}: ${what}`);
};
for (const client of clients) {
    const budget = await attempt(client, 'budget');
    report(budget.error && budget.seen.length === 1 && /exceeds/.test(budget.error.message), client.name,
        `budget denial, ${budget.seen.length} request, answered ${budget.seen.map(one => one.status)}`);

    const first = await attempt(client, client.rate ?? 'rate');
    const second = await attempt(client, client.rate ?? 'rate');
    const pause = second.seen.length === 2 ? second.seen[1].at - second.seen[0].at : 0;
    const after = 1000 * second.seen[0]?.after;
    const told = `told to wait ${second.seen[0]?.after} s`;
    if (client.retries) {
        report(!first.error && !second.error && pause >= after - 50 && pause <= after + LATE_MS, client.name,
            `rate limit, ${told}, came again after ${pause} ms, answered ${second.seen.map(one => one.status)}`);
    } else {
        report(!first.error && second.error && second.seen.length === 1, client.name, `rate limit, ${told}, gave up, answered ${second.seen.map(one => one.status)}`);
    }
}
proxy.close();
proxy.closeAllConnections();
if (clients.length === 0) console.log('FAIL no SDK is installed');
console.log(`${clients.length * 2 - failures} passed, ${failures} failed`);
process.exit(failures || clients.length === 0 ? 1 : 0);
