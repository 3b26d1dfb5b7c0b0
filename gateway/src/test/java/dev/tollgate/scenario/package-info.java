/**
 * Runs the scenario files of {@code src/test/resources/scenarios}: given a policy, a key and what a provider answers, when requests come in over
 * HTTP, then this is what the client, the provider, the record and the ledger see. The format is told in {@code scenarios/README.md}.
 */
package dev.tollgate.scenario;
