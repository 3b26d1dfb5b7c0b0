// Clients whose calls wait for hours, on two nodes that share their stores and on one with stores of its own. Half-way the node that holds most of them, and the
// one by itself, are killed with -9 and started again; at the end a person approves. A person must be asked once about each call, the provider be called at most
// once, and the logs verify.
// Usage: holds-hours.mjs KIT PROVIDER WORK MONGO REDIS [--minutes N] [--clients REGEX] [--report FOLDER]
import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { agents, sdks } from './held-clients.mjs';
import { Node, sleep, top } from './held-nodes.mjs';

const [kit, provider, work, mongo, redis, ...rest] = process.argv.slice(2);
const option = (name, otherwise) => (rest.includes(`--${name}`) ? rest[rest.indexOf(`--${name}`) + 1] : otherwise);
const minutes = Number(option('minutes', 120)), report = option('report', work), wanted = new RegExp(option('clients', ''));
const begun = Date.now(), FOUR_HOURS = 4 * 3600_000;
const minute = () => ((Date.now() - begun) / 60_000).toFixed(1);
const say = line => {
    appendFileSync(path.join(report, 'log.txt'), `${minute()} ${line}\n`);
    console.log(`${minute()} ${line}`);
};

/** A bare client: `curl`, which tells what came byte by byte. Yields what it got, broken off or not. */
const curl = (url, key, agent, body, file) => new Promise(done => {
    const child = spawn('curl', ['-sSN', '-A', agent, '-H', `authorization: Bearer ${key}`, '-H', 'content-type: application/json', '-d', JSON.stringify(body), '-o', file, '-w', '%{http_code}', '--max-time', '14400', url]);
    let status = '', fault = '';
    child.stdout.on('data', bytes => { status += bytes; });
    child.stderr.on('data', bytes => { fault += bytes; });
    child.on('close', code => {
        let text = '';
        try { text = readFileSync(file, 'utf8'); } catch { /* no byte came */ }
        done({ code, status, text, fault });
    });
});

const chat = text => ({ model: 'gpt-4o-mini', max_tokens: 20, messages: [{ role: 'user', content: text }] });
const bare = [
    ['OpenAI chat stream', 'v1/openai/chat/completions', text => ({ ...chat(text), stream: true }), /\[DONE\]/],
    ['responses stream', 'v1/openai/responses', text => ({ model: 'gpt-4o-mini', input: text, stream: true }), /response\.completed/],
    ['Anthropic stream', 'anthropic/v1/messages', text => ({ ...chat(text), model: 'claude-sonnet-4-5', stream: true }), /message_stop/],
    ['Gemini stream', 'gemini/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse', text => ({ contents: [{ role: 'user', parts: [{ text }] }] }), /finishReason/],
    ['document', 'v1/openai/chat/completions', chat, /finish_reason/],
    ['silent document', 'v1/openai/chat/completions', chat, /finish_reason/],
].map(([name, route, body, whole]) => ({
    name: `curl, ${name}`, repeats: true,
    ask: async ({ gateway, key, number, attempt }, text) => {
        const agent = name.startsWith('silent') ? 'silent/1' : 'curl/8';
        const answer = await curl(`${gateway}/${route}`, key, agent, body(text), path.join(work, `curl-${number}-${attempt}.txt`));
        const beats = answer.text.split('\n').filter(line => /^:|"?ping"?|^data: \{\}/.test(line) && !/^data: .*ping/.test(line)).length;
        const blanks = /^\s*/.exec(answer.text)[0].length;
        if (!whole.test(answer.text)) throw Object.assign(new Error(`${answer.status} ${answer.fault} ${answer.text.slice(-200)}`.replace(/\s+/g, ' ')), { beats, blanks });
        return Object.assign(new String(answer.text.slice(-80)), { beats, blanks });
    },
}));

/** One client whose call waits, and what became of its attempts. */
class Cell {
    constructor(client, node, number, prefix) {
        const agent = `${prefix}${client.isAgent ? 'agent' : 'sdk'}-${number}`;
        Object.assign(this, { client, node, number, agent, text: `hello, this is hour ${number}`, attempts: [] });
    }

    async open() {
        this.key = (await this.node.api('/api/v1/keys', { agent: this.agent, team: 'checks' })).secret;
        this.running = this.run();
    }

    /** Asks until there is an answer; who is told no, or is an agent that would be another one when started anew, asks once. */
    async run() {
        for (let attempt = 1; ; attempt++) {
            // After a broken connection a bare client turns to the other node, as behind a balancer.
            const node = attempt % 2 === 0 && this.client.repeats && this.node.peer ? this.node.peer : this.node;
            const place = { gateway: node.gateway, key: this.key, number: this.number, attempt };
            const at = minute();
            // A document that was promised as a good one tells in the words of an answer that its call still waits.
            const answer = await this.client.ask(place, this.text, FOUR_HOURS)
                .then(text => (this.client.repeats || /FAKE-OK/.test(text) ? { text } : { error: new Error(`${text}`) }), error => ({ error }));
            const { beats, blanks } = answer.text ?? answer.error;
            const told = answer.error && `${answer.error.message}`.replace(/\s+/g, ' ').slice(-300);
            this.attempts.push({ node: node.name, from: at, to: minute(), told, beats, blanks });
            say(`${this.name()}: attempt ${attempt} of ${at}: ${told ?? 'answered'}`);
            if (!answer.error || this.client.isAgent || attempt > 500 || finished) {
                this.answered = !answer.error;
                return;
            }
            await sleep(3000);
        }
    }

    name() {
        return `${this.client.name} on ${this.node.name}`;
    }

    async judge() {
        const log = await (await fetch(`${provider}/__log`)).json();
        const sent = log.filter(entry => entry.ev === 'req' && new RegExp(`${this.text}(?!\\d)`).test(JSON.stringify(entry.body ?? ''))).map(entry => ({ tools: entry.nTools ?? 0, path: entry.path }));
        const main = this.client.isAgent ? sent.filter(one => one.tools > 0) : sent;
        const tickets = (await this.node.tickets(this.agent)).map(({ id, state }) => ({ id, state }));
        return { client: this.client.name, node: this.node.name, asked: new Set(tickets.map(ticket => ticket.id)).size, sent: main.length, allSent: sent.length, answered: this.answered === true, attempts: this.attempts, tickets };
    }
}

/** Resident memory in MB and CPU seconds of a process. */
const cost = pid => {
    try {
        const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
        const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /, '').split(' ');
        return { rss: Math.round(rss), cpu: (Number(fields[11]) + Number(fields[12])) / 100 };
    } catch {
        return undefined;
    }
};

let finished = false;
const place = { work, policies: 'hours' }, shared = [`store.mongo=${mongo}`, `store.redis=${redis}`, 'approval.patience=3h'];
const one = await Node.start(place, 'one', ...shared), other = await Node.start(place, 'other', ...shared), alone = await Node.start(place, 'alone');
Object.assign(one, { peer: other });
Object.assign(other, { peer: one });
const nodes = [one, other, alone];
const all = [...bare, ...(await sdks(kit)), ...(await agents(kit))].filter(client => wanted.test(client.name));
let number = 0;
const cells = all.flatMap(client => [
    new Cell(client, one, ++number, ''),
    ...(client.isAgent || client.repeats ? [new Cell(client, other, ++number, '')] : []),
    // Where everything is held, titles and summaries are as well. One wire of each agent is enough there.
    ...(/^open.*-(compat|responses|anthropic|gemini)$/.test(client.name) ? [] : [new Cell(client, alone, ++number, client.isAgent ? 'all-' : '')]),
]);
for (const cell of cells) {
    await cell.open();
    await sleep(cell.client.isAgent ? 4000 : 300);
}
say(`${cells.length} clients wait`);

const sample = async () => {
    for (const node of nodes) {
        const now = cost(node.process.pid), pending = await node.api('/api/v1/tickets?state=pending&limit=500').then(({ tickets }) => tickets.length, () => '');
        if (now) appendFileSync(path.join(report, 'cost.tsv'), [minute(), node.name, now.rss, now.cpu, pending].join('\t') + '\n');
    }
};
let kills = 0;
while (Date.now() - begun < minutes * 60_000) {
    await sample();
    await sleep(Math.min(60_000, minutes * 2000));
    if (!kills && Date.now() - begun > minutes * 30_000) {
        kills++;
        say('kill -9');
        for (const node of [one, alone]) node.process.kill('SIGKILL');
        await Promise.all([one, alone].map(node => node.run()));
        say('started again');
    }
}
await sample();

say('approving');
const approve = async node => {
    const { tickets } = await node.api('/api/v1/tickets?state=pending&limit=500');
    await Promise.all(tickets.map(ticket => node.decide(ticket.id, 'approve').catch(fault => say(`${ticket.id}: ${fault.message}`))));
};
// Agents ask about more than one call; OpenClaw asks anew.
const until = Date.now() + Math.min(600_000, minutes * 60_000);
while (Date.now() < until && cells.some(cell => cell.answered === undefined)) {
    await approve(other).catch(() => {});
    await approve(alone).catch(() => {});
    await sleep(2000);
}
finished = true;
const results = [];
for (const cell of cells) results.push(await cell.judge());
await sample();
writeFileSync(path.join(report, 'results.json'), JSON.stringify(results, null, 1));
for (const node of nodes) node.process.kill();
await sleep(5000);
for (const log of [...nodes.map(node => ['--journal', path.join(node.folder, 'journal')]), ['--mongo', mongo]]) {
    try {
        say(`audit verify ${log[1]}: ${execFileSync(path.join(top, 'tollgate'), ['audit', 'verify', ...log], { encoding: 'utf8' }).trim().split('\n').slice(-3).join(' | ')}`);
    } catch (fault) {
        say(`FAIL audit verify ${log[1]}: ${fault.stdout} ${fault.stderr}`);
    }
}
const counts = { PASS: 0, 'GAVE UP': 0, FAIL: 0 };
for (const result of results) {
    const cell = cells.find(one => one.client.name === result.client && one.node.name === result.node);
    // Where everything is held, a person is asked as well about the title for which OpenCode asks a small model beside its first turn.
    const asked = cell.agent.startsWith('all-') && cell.client.name.startsWith('opencode') ? 2 : 1;
    const whole = result.asked === asked && result.sent === 1 && result.answered;
    // An agent ends by itself when it has waited as long as it bears. A person was asked once and the provider never all the same.
    const gaveUp = cell.client.isAgent && result.asked === asked && result.sent === 0 && !result.answered;
    const verdict = whole ? 'PASS' : gaveUp ? 'GAVE UP' : 'FAIL';
    counts[verdict]++;
    const beats = result.attempts.map(attempt => attempt.beats || attempt.blanks).filter(Boolean);
    say(`${verdict} ${result.client} on ${result.node}: asked ${result.asked}, sent ${result.sent} (${result.allSent} in all), ${result.answered ? 'answered' : 'no answer'}, ${result.attempts.length} attempts${beats.length ? `, heartbeats ${beats.join('+')}` : ''}`);
}
const failures = counts.FAIL;
say(`${counts.PASS} passed, ${counts['GAVE UP']} gave up, ${failures} failed`);
process.exit(failures ? 1 : 0);
