// Real clients whose calls wait for a person: approved soon, approved after heartbeats, approved across the client's own retries, denied, and parked and
// made again. In each case a person is asked once, and the provider is called at most once. Usage: holds.mjs GATEWAY KEY KIT CONSOLE TOKEN PROVIDER
import { sdks } from './held-clients.mjs';

const [gateway, key, kit, console_, token, provider] = process.argv.slice(2);
const place = { gateway, key };
// Those that every change is tested with.
const clients = (await sdks(kit)).filter(client => /^(openai|@)/.test(client.name));

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
const trial = async run => {
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
    for (const left of await pending()) await decide(left.id, 'deny');
    return { wrong, sent };
};
/** With `mayBeLate` a second time where the client timed out: one that waits less than a second may leave while the provider is called, on a busy machine. */
const check = async (client, kind, run, mayBeLate = false) => {
    let { wrong, sent } = await trial(run);
    if (mayBeLate && /timed out/.test(wrong)) {
        console.log(`${client.name}: ${kind}: once more, since ${wrong}`);
        ({ wrong, sent } = await trial(run));
    }
    if (wrong) failures++; else passed++;
    console.log(`${wrong ? 'FAIL' : 'PASS'} ${client.name}: ${kind}${wrong ? `: ${wrong}` : `, asked once, provider called ${sent}x`}`);
};
const answered = ({ text, error }) => (text ? undefined : `no answer: ${error}`);

for (const client of clients) {
    await check(client, 'approved at once', async text => {
        const asking = outcome(client.ask(place, text));
        const { id } = await ticket();
        await decide(id, 'approve');
        return { tickets: [id], sent: 1, wrong: answered(await asking) };
    });
    await check(client, 'approved after heartbeats', async text => {
        const asking = outcome(client.ask(place, text));
        const { id } = await ticket();
        await sleep(2500);
        await decide(id, 'approve');
        return { tickets: [id], sent: 1, wrong: answered(await asking) };
    });
    if (client.retries) {
        await check(client, 'approved across its own retries', async text => {
            const asking = outcome(client.ask(place, text, 700));
            const { id } = await ticket();
            await sleep(2500);
            const tickets = [id, ...(await pending()).map(one => one.id)];
            await decide(id, 'approve');
            return { tickets, sent: 1, wrong: answered(await asking) };
        }, true);
    }
    await check(client, 'denied', async text => {
        const asking = outcome(client.ask(place, text));
        const { id } = await ticket();
        await decide(id, 'deny');
        const { text: said, error } = await asking;
        return { tickets: [id], sent: 0, wrong: /was not approved: not today/.test(error ?? '') ? undefined : `not told so: ${said ?? error}` };
    });
    await check(client, 'parked, and made again', async text => {
        const { text: said, error } = await outcome(client.ask(place, text));
        const [first] = await pending();
        if (!first) return { wrong: `no ticket is left; told: ${said ?? error}` };
        if (!`${said} ${error}`.includes(`waits for a person's approval`)) return { wrong: `not told so: ${said ?? error}` };
        const again = outcome(client.ask(place, text));
        await sleep(300);
        const tickets = [first.id, ...(await pending()).map(one => one.id)];
        await decide(first.id, 'approve');
        return { tickets, sent: 1, wrong: answered(await again) };
    });
}
if (clients.length === 0) console.log('FAIL no SDK is installed');
console.log(`${passed} passed, ${failures} failed`);
process.exit(failures || clients.length === 0 ? 1 : 0);
