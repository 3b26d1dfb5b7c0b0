// Walks the console in a browser. Settings come as environment variables, see .ci/console. Without GATEWAY and KEY the held calls are those
// that the console shows already.
import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { BROWSER, NODE_MODULES, SHOTS, CONSOLE, GATEWAY, KEY, TOKEN } = process.env;
const require = createRequire(join(NODE_MODULES, 'walk.js'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const PAGES = { overview: '/', approvals: '/approvals', sessions: '/sessions', exchanges: '/exchanges', spend: '/spend', 'spend-by-model': '/spend?period=month&by=model',
    'spend-of-one': '/spend?period=month&by=session&team=default', budgets: '/budgets', keys: '/keys', tokens: '/tokens', connect: '/connect', 'connect-codex': '/connect?client=codex', providers: '/providers', 'log-integrity': '/log', policy: '/policy', draft: '/policy/draft?file=budget.yaml', health: '/health', 'nothing-found': '/exchanges?agent=nobody' };
const VIEWS = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
const MAX_PAGE_BYTES = 200 * 1024;

const faults = [];
const folders = [];
let checked = 0;
const fault = (text) => { faults.push(text); console.log('FAULT', text); };
const expect = (holds, text) => { checked++; if (!holds) fault(text); };

async function open(options) {
    const folder = mkdtempSync(join(tmpdir(), 'console-'));
    folders.push(folder);
    const context = await chromium.launchPersistentContext(folder,
        { executablePath: BROWSER, args: FLAGS, headless: true, viewport: VIEWS.desktop, ...options });
    const page = context.pages()[0] ?? await context.newPage();
    page.on('console', (message) => {
        // A page that is refused on purpose is logged by the browser as an error of loading.
        if (['error', 'warning'].includes(message.type()) && !message.text().includes('Failed to load resource')) {
            fault(`${page.url()} logged: ${message.text()}`);
        }
    });
    page.on('pageerror', (error) => fault(`${page.url()} threw: ${error.message}`));
    page.on('request', (request) => {
        if (!request.url().startsWith(CONSOLE)) fault(`${page.url()} asked another host: ${request.url()}`);
    });
    return { context, page };
}

async function signIn(page, path = '/') {
    await page.goto(CONSOLE + path);
    await page.fill('#token', TOKEN);
    await page.click('button.primary');
    await page.waitForURL(CONSOLE + path);
}

async function look(page, name, kind) {
    await page.screenshot({ path: join(SHOTS, `${name}-${kind}.png`), fullPage: true });
    const { violations, passes } = await page.evaluate(
        `(() => { ${axe}; return axe.run(document, { runOnly: ${JSON.stringify(RULES)} }) })()`);
    expect(passes.length > 5, `${name} ${kind}: axe checked nothing`);
    for (const violation of violations) {
        fault(`${name} ${kind}: ${violation.id}: ${violation.help}: ${violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(' | ')}`);
    }
    const over = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(over <= 0, `${name} ${kind}: ${over} pixels wider than the window`);
}

const ask = (key) => fetch(`${GATEWAY}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: 'sandbox/sandbox-small', messages: [{ role: 'user', content: `Tell me about toll gates (${Math.random()}).` }] }),
});

const api = async (method, path, body) => {
    const response = await fetch(CONSOLE + path, { method, headers: { authorization: `Bearer ${TOKEN}` }, body: body && JSON.stringify(body) });
    return { status: response.status, body: await response.json() };
};

/** A stranger, a wrong token, the right one. */
async function walkSignIn() {
    const { context, page } = await open({});
    await page.goto(`${CONSOLE}/approvals`);
    expect(new URL(page.url()).pathname === '/sign-in', 'a stranger was not sent to sign in');
    await look(page, 'sign-in', 'desktop-light');
    await page.fill('#token', 'tga_not-the-token');
    await page.click('button.primary');
    await page.waitForSelector('.notice.bad');
    await page.fill('#token', TOKEN);
    await page.click('button.primary');
    await page.waitForURL(`${CONSOLE}/approvals`);
    expect(await page.title() !== '', 'the page behind the sign-in has no title');
    await context.close();
}

/** A gateway that was never called says how to begin, and shows the first call by itself. */
async function walkFirstRun() {
    const { context, page } = await open({});
    await signIn(page);
    expect(await page.locator('#begin').count() === 1, 'the first run does not say how to begin');
    await look(page, 'first-run', 'desktop-light');
    expect((await ask(KEY)).status === 200, 'a plain call did not work');
    await page.waitForSelector('#latest', { timeout: 10_000 }).catch(() => fault('the first call did not appear by itself'));
    await context.close();
}

/** Held calls appear by themselves and are decided by keyboard; the agent gets its answer. */
async function walkApprovals() {
    const { context, page } = await open({});
    let calls = [];
    await signIn(page, '/approvals');
    if (GATEWAY) {
        await page.waitForSelector('.empty');
        await look(page, 'approvals-empty', 'desktop-light');
        const made = await api('POST', '/api/v1/keys', { agent: 'reviewed', team: 'platform' });
        expect(made.status === 201, `the API made no key: ${made.status}`);
        calls = [ask(made.body.secret), ask(made.body.secret)];
    }
    await page.locator('.ticket').nth(1).waitFor({ timeout: 15_000 })
        .catch(() => fault('held calls did not appear by themselves'));
    await look(page, 'approvals-waiting', 'desktop-light');
    const count = await page.locator('.ticket').count();
    await page.keyboard.press('a');
    await page.waitForTimeout(300);
    expect(await page.locator('.ticket').count() === count, 'a key decided a ticket that nobody had selected');

    await page.keyboard.press('j');
    const first = await page.locator('.ticket.selected').getAttribute('id');
    await page.keyboard.press('n');
    await page.keyboard.type('jada is fine');
    await page.waitForTimeout(2500);
    expect(await page.locator(`#${first} input[name=note]`).inputValue() === 'jada is fine', 'a note was lost when the queue was asked again');
    await page.keyboard.press('Escape');
    await page.keyboard.press('a');
    await page.waitForSelector(`#${first}`, { state: 'detached' });
    await page.waitForSelector('.notice.good');
    await look(page, 'approvals-approved', 'desktop-light');
    const second = await page.locator('.ticket.selected').getAttribute('id');
    expect(second !== first, 'the next ticket was not selected');
    await page.keyboard.press('d');
    await page.waitForSelector(`#${second}`, { state: 'detached' });
    if (GATEWAY) {
        const statuses = (await Promise.all(calls)).map((response) => response.status).sort();
        expect(statuses[0] === 200 && statuses[1] === 400, `approved and denied calls ended with ${statuses}`);
    }
    await context.close();
}

const SESSION = '/sessions/show?session=walked-session&team=default';

/** An agent on the official SDK works in a loop of tool calls; its session is walked call by call, and found by what was said. */
async function walkSession() {
    const { default: OpenAI } = require('openai');
    const agent = new OpenAI({ apiKey: KEY, baseURL: `${GATEWAY}/v1`, maxRetries: 0, defaultHeaders: { 'x-tollgate-session': 'walked-session' } });
    const tools = [{ type: 'function', function: { name: 'read_file', description: 'Reads a file.', parameters: { type: 'object', properties: { input: { type: 'string' } } } } }];
    const messages = [{ role: 'system', content: 'You keep the toll house in order.' }, { role: 'user', content: 'Use the tool until the ledger is read.' }];
    let calls = 0;
    for (let turn = 1; turn <= 30; turn++) {
        const reply = await agent.chat.completions.create({ model: 'sandbox/sandbox-small', messages, tools });
        calls++;
        const call = reply.choices[0].message.tool_calls?.[0];
        expect(call?.function.name === 'read_file', `turn ${turn} of the session called no tool`);
        const found = turn === 7 ? 'write to keeper@tollhouse.example' : `page ${turn} of the ledger`;
        messages.push(reply.choices[0].message, { role: 'tool', tool_call_id: call.id, content: `${found}. Use the tool again.` });
    }
    const helper = { headers: { 'x-tollgate-sub-agent': 'ledger-reader' } };
    messages.push({ role: 'user', content: 'Sum it up.' });
    await agent.chat.completions.create({ model: 'sandbox/sandbox-small', messages, tools }, helper);
    const stolen = `AKIA${Array.from({ length: 16 }, () => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Math.floor(Math.random() * 32)]).join('')}`;
    const refused = await agent.chat.completions.create({ model: 'sandbox/sandbox-small', messages: [...messages, { role: 'user', content: `The key is ${stolen}` }], tools }).catch((error) => error.status);
    expect(refused === 400, `a secret in the session was answered ${refused}`);
    calls += 2;

    const { context, page } = await open({});
    await signIn(page);
    await page.goto(`${CONSOLE}/sessions`);
    await page.click('text=walked-session');
    await page.waitForURL('**/sessions/show?**');
    expect(await page.locator('.timeline > li').count() === calls, `the timeline has ${await page.locator('.timeline > li').count()} calls, not ${calls}`);
    expect((await page.textContent('.timeline')).includes('tool answered: page 29 of the ledger'), 'the timeline does not say what was new');
    expect(!(await page.content()).includes('keeper@tollhouse.example'), 'what was redacted is shown');
    expect(!(await page.content()).includes(stolen), 'the secret is shown');
    await look(page, 'session', 'desktop-light');
    await page.locator('.timeline .head').nth(7).click();
    await page.waitForURL('**step=8');
    const said = await page.textContent('.said');
    expect(said.includes('write to') && !said.includes('page 6 of'), 'the page of a call does not show what was new in it alone');
    expect(said.includes('read_file'), 'the page of a call does not show the tool that was called');
    await look(page, 'session-call', 'desktop-light');
    await page.keyboard.press('j');
    await page.waitForURL('**step=9');
    await page.keyboard.press('k');
    await page.waitForURL('**step=8');
    await page.goto(`${CONSOLE}/exchanges?text=page+17+of+the+ledger`);
    expect(await page.locator('tbody time').count() === 1, 'words that one call brought in were not found in it alone');
    await look(page, 'found-by-words', 'desktop-light');
    await context.close();
}

/** A key is made and shown once, then revoked. */
async function walkKeys() {
    const { context, page } = await open({});
    await signIn(page, '/keys');
    if (!await page.locator('#agent').isVisible()) await page.click('summary >> text=Make a key');
    await page.fill('#agent', 'walker');
    await look(page, 'keys-form', 'desktop-light');
    await page.click('button.primary');
    const secret = await page.textContent('#lines-secret');
    expect(/^tg_/.test(secret ?? ''), 'the new key was not shown');
    if (GATEWAY) expect((await ask(secret)).status === 200, 'the new key does not work');
    await page.goto(`${CONSOLE}/keys`);
    expect(!(await page.content()).includes(secret), 'the key was shown twice');
    const row = page.locator('tr', { hasText: 'walker' });
    await row.locator('summary', { hasText: 'Revoke' }).click();
    await row.locator('button.deny').click();
    await page.waitForSelector('.notice.good');
    expect((await row.textContent()).includes('revoked'), 'the key was not revoked');
    if (GATEWAY) expect((await ask(secret)).status === 401, 'a revoked key still works');
    await context.close();
}

/** The page for newcomers copies its lines, and lights up when a call arrives. */
async function walkConnect() {
    const { context, page } = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
    await signIn(page, '/connect');
    await page.click('text=Claude Code');
    await page.locator('[data-copy="lines-client"]').click();
    const copied = await page.evaluate('navigator.clipboard.readText()');
    expect(copied.includes(`ANTHROPIC_BASE_URL=${GATEWAY}/anthropic`), `the copied lines are ${copied}`);
    await page.waitForTimeout(1500);
    expect((await ask(KEY)).status === 200, 'a plain call did not work');
    await page.waitForSelector('#arrival.good', { timeout: 10_000 }).catch(() => fault('the page did not light up when a call arrived'));
    await look(page, 'connect-arrived', 'desktop-light');
    await page.click('#arrival a');
    await page.waitForURL('**/exchanges/*');
    await context.close();
}

/** A key gets a successor, and both work; a token reads what its role lets it. */
async function walkRotationAndTokens() {
    const { context, page } = await open({});
    await signIn(page, '/keys');
    const made = await api('POST', '/api/v1/keys', { agent: 'rotated', team: 'platform', expires_in_minutes: 60 });
    await page.goto(`${CONSOLE}/keys`);
    const row = page.locator('tr', { hasText: 'rotated' });
    await row.locator('summary', { hasText: 'Rotate' }).click();
    await row.locator('button', { hasText: 'successor' }).click();
    const successor = await page.textContent('#lines-secret');
    for (const secret of [made.body.secret, successor]) expect((await ask(secret)).status === 200, 'one of both keys does not work');

    await page.goto(`${CONSOLE}/tokens`);
    if (!await page.locator('#name').isVisible()) await page.click('summary >> text=Make a token');
    await page.fill('#name', 'walker');
    await page.fill('#teams', 'platform');
    await look(page, 'tokens-form', 'desktop-light');
    await page.click('button.primary');
    const token = await page.textContent('#lines-secret');
    const read = (path) => fetch(CONSOLE + path, { headers: { authorization: `Bearer ${token}` } }).then((response) => response.status);
    expect(await read('/api/v1/tickets') === 200, 'a viewer cannot read tickets');
    expect(await read('/api/v1/policy') === 403, 'a viewer of one team reads the policy');
    await page.goto(`${CONSOLE}/tokens`);
    expect(!(await page.content()).includes(token), 'the token was shown twice');
    const line = page.locator('tr', { hasText: 'walker' });
    await line.locator('summary').click();
    await line.locator('button.deny').click();
    await page.waitForSelector('.notice.good');
    expect(await read('/api/v1/tickets') === 401, 'a revoked token still works');
    await context.close();
}

/** A draft tells its errors by line, then what it would change; the log is verified, and says so by itself. */
async function walkOperator() {
    const { context, page } = await open({});
    await signIn(page);
    await page.goto(`${CONSOLE}/policy/draft?file=policy.yaml`);
    const text = await page.inputValue('#text');
    await page.fill('#text', `${text}\nbudget: {request_cap: fifty}\n`);
    await page.click('button.primary');
    const wrong = await page.textContent('main div.notice.bad ul');
    expect(/policy\.yaml:\d+/.test(wrong) && wrong.includes('fifty'), `the fault of a draft is told as ${wrong}`);
    await look(page, 'draft-wrong', 'desktop-light');
    await page.fill('#text', `${text}\nbudget: {request_cap: 20}\n`);
    await page.click('button.primary');
    expect((await page.textContent('.notice.good')).includes('budget.request_cap'), 'a draft does not tell what it would change');
    await look(page, 'draft-sound', 'desktop-light');

    await page.fill('#text', `${text}\nbudget: {request_cap: 0.000000001}\n`);
    await page.check('#rehearse');
    await page.click('button.primary');
    const judged = /(\d+) of (\d+) stored calls/.exec(await page.textContent('#rehearsed ~ p'));
    expect(judged && Number(judged[1]) > 0, `a cap that no call fits under changes ${judged?.[0]}`);
    await look(page, 'draft-rehearsed', 'desktop-light');

    await page.goto(`${CONSOLE}/log`);
    await page.click('button.primary');
    await page.waitForSelector('.notice.good', { timeout: 20_000 }).catch(() => fault('the journal was not verified'));
    expect((await page.textContent('#live')).includes('The journal is sound'), 'the journal is not sound');
    await look(page, 'log-verified', 'desktop-light');
    await context.close();
}

/** Every page in both schemes on both sizes. */
async function walkPages() {
    for (const [size, viewport] of Object.entries(VIEWS)) {
        for (const colorScheme of ['light', 'dark']) {
            const { context, page } = await open({ viewport, colorScheme });
            await signIn(page);
            for (const [name, path] of Object.entries(PAGES)) {
                const response = await page.goto(CONSOLE + path);
                expect(response.status() === 200, `${path} answered ${response.status()}`);
                expect((await response.body()).length <= MAX_PAGE_BYTES, `${path} is larger than ${MAX_PAGE_BYTES} bytes`);
                await look(page, name, `${size}-${colorScheme}`);
            }
            await page.goto(`${CONSOLE}/exchanges`);
            for (const result of ['completed', 'denied', 'open']) {
                const link = page.locator('tr', { has: page.locator(`.pill >> text="${result}"`) }).locator('a').first();
                if (await link.count() === 0) continue;
                await link.click();
                await page.waitForURL('**/exchanges/*');
                await look(page, `exchange-${result}`, `${size}-${colorScheme}`);
                await page.goBack();
            }
            await context.close();
        }
    }
}

/** Reading and deciding work without JavaScript. */
async function walkWithoutScript() {
    const { context, page } = await open({ javaScriptEnabled: false });
    await signIn(page);
    for (const path of Object.values(PAGES)) {
        const response = await page.goto(CONSOLE + path);
        expect(response.status() === 200 && (await page.textContent('h1')).length > 0, `${path} does not read without JavaScript`);
    }
    await page.click('text=Sign out');
    await page.waitForURL('**/sign-in');
    await context.close();
}

const begun = Date.now();
try {
    await walkSignIn();
    if (GATEWAY) await walkFirstRun();
    await walkApprovals();
    await walkKeys();
    if (GATEWAY) {
        await walkConnect();
        await walkRotationAndTokens();
        await walkOperator();
        await walkSession();
        PAGES['session-timeline'] = SESSION;
        PAGES['session-step'] = `${SESSION}&step=8`;
    }
    await walkPages();
    await walkWithoutScript();
} catch (error) {
    fault(error.stack);
} finally {
    folders.forEach((folder) => rmSync(folder, { recursive: true, force: true }));
}
console.log(`console: ${checked} checks, ${faults.length} faults, ${Math.round((Date.now() - begun) / 1000)} s`);
process.exit(faults.length === 0 ? 0 : 1);
