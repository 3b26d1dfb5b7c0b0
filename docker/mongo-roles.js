// The role that a gateway needs in MongoDB, and a user with it: mongosh "mongodb://admin@host/tollgate" --eval 'const password = "…"' docker/mongo-roles.js
// Records of the audit log can be inserted and read with it, never changed or removed. Keys, tickets and what is made from the log can be updated.
// Where payloads are captured the gateway besides makes, changes and drops collections payload_*, a set per day. MongoDB cannot grant that by the beginning of
// a name: with capture on, either grant those collections ahead, day by day, or give readWrite on the database, which is no longer insert-only.
const database = db.getName();
const on = (collection) => ({ db: database, collection });

db.createRole({
    role: "tollgateGateway",
    privileges: [
        { resource: on("audit"), actions: ["find", "insert", "createIndex", "createCollection", "listIndexes"] },
        { resource: on("exchanges"), actions: ["find", "insert", "update", "createIndex", "createCollection", "listIndexes"] },
        { resource: on("keys"), actions: ["find", "insert", "update", "createIndex", "createCollection", "listIndexes"] },
        { resource: on("tickets"), actions: ["find", "insert", "update", "remove", "createIndex", "createCollection", "listIndexes"] },
    ],
    roles: [],
});

// For auditors: `tollgate audit verify --mongo` needs no more.
db.createRole({
    role: "tollgateAuditor",
    privileges: [{ resource: on("audit"), actions: ["find"] }],
    roles: [],
});

if (typeof password !== "undefined") {
    db.createUser({ user: "tollgate", pwd: password, roles: [{ role: "tollgateGateway", db: database }] });
}
