package dev.tollgate.http;

import dev.tollgate.approval.GrantDesk;
import dev.tollgate.approval.TicketDesk;
import dev.tollgate.approval.TicketDrafter;
import dev.tollgate.pipeline.Pipeline;
import dev.tollgate.policy.PolicySource;
import dev.tollgate.provider.Provider;
import dev.tollgate.stage.IdentifyStage;
import dev.tollgate.stage.Inspector;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.wire.Wires;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * What the exchanges of one event loop work with.
 *
 * @param policies the policy in force
 * @param wires the wire formats
 * @param identify the identity stage alone, for what the gateway answers itself
 * @param pipeline all stages
 * @param provider connections of this event loop
 * @param desk where held calls wait
 * @param grants asked before a person is
 * @param shelf replies that a person decides about
 * @param drafter writes their tickets
 * @param billing what replies cost
 * @param settlement how exchanges end
 * @param inspector searches replies as it does requests
 * @param payloads takes what is kept of requests and replies
 * @param admission how much is taken on at once
 * @param meters what is counted
 * @param clock the time
 * @param ids names for exchanges
 */
public record DataPlane(
        PolicySource policies,
        Wires wires,
        IdentifyStage identify,
        Pipeline pipeline,
        Provider provider,
        TicketDesk desk,
        GrantDesk grants,
        ReplyShelf shelf,
        TicketDrafter drafter,
        Billing billing,
        Settlement settlement,
        Inspector inspector,
        PayloadCapture payloads,
        Admission admission,
        Meters meters,
        InstantSource clock,
        Supplier<ExchangeId> ids) {}
