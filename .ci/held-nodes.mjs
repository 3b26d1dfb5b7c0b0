// Gateways of the checks that hold calls: each a process of its own that can be killed and started again.
import { spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const top = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
export const sleep = ms => new Promise(done => setTimeout(done, ms));
const freePort = () => new Promise(done => {
    const server = createServer().listen(0, '127.0.0.1', () => {
        const { port } = server.address();
        server.close(() => done(port));
    });
});

/** A gateway of its own process, on ports that it keeps over its kills. */
export class Node {
    /** Starts one in a folder of its own below `work`, with the policies of .ci/policies/`policies`. */
    static async start({ work, policies }, name, ...settings) {
        const node = new Node();
        Object.assign(node, { name, work, policies: path.join(top, '.ci/policies', policies), folder: path.join(work, name), port: await freePort(), consolePort: await freePort(), settings });
        node.gateway = `http://127.0.0.1:${node.port}`;
        node.console = `http://127.0.0.1:${node.consolePort}`;
        await node.run();
        return node;
    }

    async run() {
        const log = openSync(path.join(this.work, `${this.name}.log`), 'a');
        const set = [`server.data_folder=${this.folder}`, `server.data_plane.port=${this.port}`, `server.console.port=${this.consolePort}`, ...this.settings];
        this.process = spawn(path.join(top, 'tollgate'), ['serve', '--policies', this.policies, ...set.flatMap(one => ['--set', one])], { stdio: ['ignore', log, log] });
        for (let i = 0; i < 1200; i++) {
            if (this.process.exitCode !== null) throw new Error(`${this.name} ended: see its log`);
            if (await fetch(`${this.console}/readyz`).then(answer => answer.ok, () => false)) break;
            await sleep(250);
        }
        this.token = readFileSync(path.join(this.folder, 'admin-token'), 'utf8').trim();
    }

    async api(route, body) {
        const headers = { authorization: `Bearer ${this.token}`, ...(body && { 'content-type': 'application/json' }) };
        // Told apart from what a client says: its "fetch failed" looks the same.
        const answer = await fetch(this.console + route, { method: body ? 'POST' : 'GET', headers, body: body && JSON.stringify(body) })
            .catch(fault => { throw new Error(`the check could not ask ${this.name} for ${route}: ${fault.cause ?? fault}`); });
        if (!answer.ok) throw new Error(`${route}: ${answer.status} ${await answer.text()}`);
        return answer.json();
    }

    decide(id, decision) {
        return this.api(`/api/v1/tickets/${id}/${decision}`, { note: decision === 'deny' ? 'not today' : '' });
    }

    /** The tickets of an agent, whatever became of them. */
    async tickets(agent) {
        const states = ['pending', 'approved', 'denied', 'expired', 'consumed'];
        const found = await Promise.all(states.map(state => this.api(`/api/v1/tickets?state=${state}&limit=500`)));
        return found.flatMap(one => one.tickets).filter(ticket => ticket.agent === agent);
    }
}
