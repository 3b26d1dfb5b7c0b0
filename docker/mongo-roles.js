// The roles that gateways, auditors and retention need in MongoDB, and a user for the gateways:
//   mongosh "mongodb://admin@host/tollgate" --eval 'const password = "…"' docker/mongo-roles.js
// Records can be inserted and read with a gateway's role, never changed or removed: so can payloads. What is made from the log, keys, tokens, tickets,
// grants, locks and who is signed in can be updated. MongoDB cannot grant by the beginning of a name, and partitions are made as time passes (audit_2026-11, payload_rows_2026-11-21): so to
// insert and to read is granted on the whole database, and nothing more on any collection that holds evidence.
const database = db.getName();
const on = (collection) => ({ db: database, collection });
const everything = on("");

db.createRole({
    role: "tollgateGateway",
    privileges: [
        { resource: everything, actions: ["find", "insert", "createCollection", "createIndex", "listIndexes", "listCollections"] },
        { resource: on("exchanges"), actions: ["update"] },
        { resource: on("keys"), actions: ["update"] },
        { resource: on("tickets"), actions: ["update", "remove"] },
        { resource: on("access_tokens"), actions: ["update"] },
        { resource: on("grants"), actions: ["update"] },
        { resource: on("console_sessions"), actions: ["update", "remove"] },
        { resource: on("kept_replies"), actions: ["update", "remove"] },
        { resource: on("payload_locks"), actions: ["update"] },
        { resource: on("payload_secrets"), actions: ["update"] },
    ],
    roles: [],
});

// For gateways whose policy keeps records or payloads for a time (audit.keep, payloads.keep): they drop whole months and days, with the calls of a month and the keys of a day.
// Without it everything stays, and the gateway's log says so. Whoever has it can drop evidence: what is missing shows in `tollgate audit verify`.
db.createRole({
    role: "tollgateRetention",
    privileges: [
        { resource: everything, actions: ["dropCollection"] },
        { resource: on("exchanges"), actions: ["remove"] },
        { resource: on("payload_keys"), actions: ["remove"] },
    ],
    roles: [],
});

// For `tollgate audit erase`: takes what is kept of a subject out of the payloads, seals what stays with a new key, and destroys the old one. The records stay as they are.
db.createRole({
    role: "tollgateEraser",
    privileges: [{ resource: everything, actions: ["remove", "update"] }],
    roles: [{ role: "tollgateGateway", db: database }],
});

// For auditors: `tollgate audit verify --mongo` and `tollgate audit export --mongo` need no more. Months are granted ten years ahead.
const months = ["audit", "audit_cuts"];
for (let month = 0; month < 120; month++) {
    const first = new Date(Date.UTC(new Date().getUTCFullYear() - 1, month, 1));
    months.push("audit_" + first.toISOString().substring(0, 7));
}
db.createRole({
    role: "tollgateAuditor",
    privileges: [
        { resource: everything, actions: ["listCollections"] },
        ...months.map((name) => ({ resource: on(name), actions: ["find"] })),
    ],
    roles: [],
});

if (typeof password !== "undefined") {
    db.createUser({
        user: "tollgate",
        pwd: password,
        roles: [
            { role: "tollgateGateway", db: database },
            { role: "tollgateRetention", db: database },
        ],
    });
}
