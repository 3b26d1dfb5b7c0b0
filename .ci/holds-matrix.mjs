// Every client against everything that can happen while its call waits for a person, on gateways as they come. In every cell a person must be asked once, the
// provider be called at most once, and the client get the answer or be told why not.
// Usage: holds-matrix.mjs KIT PROVIDER WORK MONGO REDIS [--kinds A,B] [--clients REGEX] [--at-once N] [--table FILE]
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { agents, sdks } from './held-clients.mjs';
import { Node, sleep } from './held-nodes.mjs';

const [kit, provider, work, mongo, redis, ...rest] = process.argv.slice(2);
const option = (name, otherwise) => (rest.includes(`--${name}`) ? rest[rest.indexOf(`--${name}`) + 1] : otherwise);

/** One client in one situation: its key, and what is known of its tickets. */
class Cell {
    constructor(client, kind, number) {
        Object.assign(this, { client, kind, text: `hello, this is case ${number}`, agent: `${kind.agent ?? ''}${client.isAgent ? 'agent' : 'sdk'}-${number}` });
    }

    async open(node) {
        this.node = node;
        this.place = { gateway: node.gateway, key: (await node.api('/api/v1/keys', { agent: this.agent, team: 'checks' })).secret };
    }

    ask(timeout) {
        return this.client.ask(this.place, this.text, timeout).then(text => ({ text }), error => ({ error: error.message }));
    }

    /** The ticket that waits, other than one that is known. */
    async ticket(seconds = 240, known = '') {
        for (let i = 0; i < seconds; i++) {
            const [first] = (await this.node.api('/api/v1/tickets?state=pending&limit=500')).tickets.filter(ticket => ticket.agent === this.agent && ticket.id !== known);
            if (first) return first.id;
            await sleep(1000);
        }
        throw new Error('no ticket was opened');
    }

    async calls() {
        const log = await (await fetch(`${provider}/__log`)).json();
        return log.filter(entry => entry.ev === 'req' && (!this.client.isAgent || entry.nTools > 0) && new RegExp(`${this.text}(?!\\d)`).test(JSON.stringify(entry.body ?? ''))).length;
    }
}

const answered = ({ text, error }) => (text ? undefined : `no answer: ${error.slice(-400)}`);
/** Where an answer was promised already, a document says it in the words of one. */
const said = (words, { text, error }) => (words.test(`${text} ${error}`) ? undefined : `not told so: ${(text ?? error).slice(-400)}`);
const told = (words, { text, error }) => (words.test(error ?? '') ? undefined : `not told so: ${(text ?? error).slice(-400)}`);
const held = seconds => ({
    node: 'one', sent: 1, seconds,
    run: async cell => {
        const asking = cell.ask();
        const id = await cell.ticket();
        await sleep(seconds * 1000);
        await cell.node.decide(id, 'approve');
        return answered(await asking);
    },
});

// What can happen. `sent`: how often the provider is called in the end. A person is asked once.
const kinds = {
    'held 5 s': held(5),
    'held 45 s': held(45),
    'held 6 min': held(360),
    'across its own retry': {
        node: 'one', sent: 1, only: client => client.retries,
        run: async cell => {
            const asking = cell.ask(6000);
            const id = await cell.ticket();
            await sleep(15_000);
            await cell.node.decide(id, 'approve');
            return answered(await asking);
        },
    },
    'parked and made again': {
        node: 'impatient', sent: 1, only: client => !client.isAgent,
        run: async cell => {
            const first = await cell.ask();
            const wrong = said(/waits for a person's approval/, first);
            const again = cell.ask();
            await sleep(1000);
            await cell.node.decide(await cell.ticket(), 'approve');
            return wrong ?? answered(await again);
        },
    },
    'parked': {
        node: 'impatient', sent: 0, only: client => client.isAgent,
        run: async cell => {
            const asking = cell.ask();
            const id = await cell.ticket();
            const wrong = said(/waits for a person's approval/, await asking);
            await cell.node.decide(id, 'deny').catch(() => {});
            return wrong;
        },
    },
    // In the folder where it was, as somebody does who was told to ask again later: an agent has another session then, and its call takes the ticket over.
    'parked and run again': {
        node: 'impatient', sent: 1, only: client => client.isAgent,
        run: async cell => {
            cell.place.folder = path.join(work, `folder-${cell.agent}`);
            const parked = cell.ask();
            const first = await cell.ticket();
            const wrong = said(/waits for a person's approval/, await parked);
            // The kit removes what is in the folder a moment later.
            await sleep(1000);
            await cell.node.decide(first, 'approve');
            return wrong ?? answered(await cell.ask());
        },
    },
    'denied': {
        node: 'one', sent: 0,
        run: async cell => {
            const asking = cell.ask();
            await cell.node.decide(await cell.ticket(), 'deny');
            return told(/was not approved: not today/, await asking);
        },
    },
    'expired': {
        node: 'one', sent: 0, agent: 'short-',
        run: async cell => told(/nobody|not approved|expired|in time/i, await cell.ask()),
    },
    'approved twice': {
        node: 'one', sent: 1,
        run: async cell => {
            const asking = cell.ask();
            const id = await cell.ticket();
            const both = await Promise.allSettled([cell.node.decide(id, 'approve'), nodes.other.decide(id, 'approve')]);
            const late = await cell.node.decide(id, 'approve').then(() => undefined, error => error.message);
            return answered(await asking) ?? (both.some(one => one.status === 'fulfilled') && late ? undefined : 'a second approval was taken');
        },
    },
    'approved after expiry': {
        node: 'one', sent: 0, agent: 'short-',
        run: async cell => {
            const asking = cell.ask();
            const id = await cell.ticket();
            await sleep(13_000);
            const late = await cell.node.decide(id, 'approve').then(() => 'an approval after the deadline was taken', () => undefined);
            return late ?? told(/nobody|not approved|expired|in time/i, await asking);
        },
    },
    'approved on another node': {
        node: 'one', sent: 1,
        run: async cell => {
            const asking = cell.ask();
            const id = await cell.ticket();
            await sleep(2000);
            await nodes.other.decide(id, 'approve');
            return answered(await asking);
        },
    },
    // All clients wait at once when it happens: see `killed` below.
    'gateway killed': {
        node: 'killed', sent: 1,
        run: async cell => {
            const first = await cell.asking;
            // Whoever does not try again by itself is told that the connection broke, and its call made again joins the ticket.
            return answered(first.error && !cell.client.isAgent ? await cell.ask() : first);
        },
    },
};

const clients = [...(await sdks(kit)), ...(await agents(kit))].filter(client => new RegExp(option('clients', '')).test(client.name));
const chosen = option('kinds', Object.keys(kinds).join(',')).split(',');
const set = option('settings', '').split(',').filter(Boolean);
const shared = [`store.mongo=${mongo}`, `store.redis=${redis}`, ...set];
const place = { work, policies: 'matrix' };
const nodes = {};
nodes.one = await Node.start(place, 'one', ...shared);
nodes.other = await Node.start(place, 'other', ...shared);
nodes.impatient = await Node.start(place, 'impatient', 'approval.quiet=1s', 'approval.drip=500ms', 'approval.patience=12s', ...set);

const results = [];
let number = 0;
const judge = async (cell, wrong) => {
    const asked = new Set((await cell.node.tickets(cell.agent)).map(ticket => ticket.id)).size, sent = await cell.calls();
    const fault = wrong ?? (asked !== 1 ? `a person was asked ${asked} times` : sent !== cell.kind.sent ? `the provider was called ${sent} times` : undefined);
    results.push({ client: cell.client.name, kind: cell.kind.name, fault });
    console.log(`${fault ? 'FAIL' : 'PASS'} ${cell.client.name}: ${cell.kind.name}${fault ? `: ${fault}` : ''}`);
};
const run = async cell => {
    let wrong;
    try {
        await cell.open(nodes[cell.kind.node]);
        wrong = await cell.kind.run(cell);
    } catch (fault) {
        wrong = fault.message;
    }
    await judge(cell, wrong);
};

/** All clients wait, the gateway is killed at once and starts anew, and then each is approved. */
const killed = async cells => {
    nodes.killed = await Node.start(place, 'killed', ...set);
    for (const cell of cells) {
        await cell.open(nodes.killed);
        cell.asking = cell.ask(cell.client.retries ? 60_000 : undefined);
        cell.id = await cell.ticket().catch(fault => { cell.wrong = fault.message; });
    }
    nodes.killed.process.kill('SIGKILL');
    await nodes.killed.run();
    await Promise.all(cells.map(async cell => {
        if (!cell.wrong) await nodes.killed.decide(cell.id, 'approve').catch(fault => { cell.wrong = fault.message; });
        await judge(cell, cell.wrong ?? (await cell.kind.run(cell)));
    }));
};

for (const name of chosen) {
    const kind = Object.assign(kinds[name], { name });
    const cells = clients.filter(client => !kind.only || kind.only(client)).map(client => new Cell(client, kind, ++number));
    if (name === 'gateway killed') {
        await killed(cells);
        continue;
    }
    const waiting = [...cells], atOnce = Number(option('at-once', kind.seconds >= 45 ? 12 : 4));
    await Promise.all(Array.from({ length: atOnce }, async (_, lane) => {
        await sleep(lane * 500);
        for (let cell = waiting.shift(); cell; cell = waiting.shift()) await run(cell);
    }));
}
for (const node of Object.values(nodes)) node.process.kill();
const cell = (client, kind) => {
    const found = results.find(result => result.client === client && result.kind === kind);
    return found ? (found.fault ? 'FAILS' : 'yes') : '';
};
const table = [`| | ${chosen.join(' | ')} |`, `|---|${chosen.map(() => '---|').join('')}`, ...clients.map(({ name }) => `| ${name} | ${chosen.map(kind => cell(name, kind)).join(' | ')} |`)].join('\n');
if (option('table')) writeFileSync(option('table'), table + '\n');
const failures = results.filter(result => result.fault).length;
console.log(`${table}\n${results.length - failures} passed, ${failures} failed`);
process.exit(failures || results.length === 0 ? 1 : 0);
