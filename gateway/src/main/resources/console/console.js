// What the pages do beyond links and forms: count down, copy, decide by keyboard, tell when the connection is lost.
// Everything here is a convenience: each page reads and works without it.
(() => {
    "use strict";

    const trouble = document.getElementById("trouble");

    // Time left of each ticket.
    const left = (milliseconds) => {
        const seconds = Math.max(0, Math.floor(milliseconds / 1000));
        const minutes = Math.floor(seconds / 60);
        if (minutes >= 60) {
            return Math.floor(minutes / 60) + " h " + (minutes % 60) + " min left";
        }
        return minutes > 0 ? minutes + " min " + (seconds % 60) + " s left" : seconds + " s left";
    };
    const countDown = () => {
        for (const element of document.querySelectorAll("[data-deadline]")) {
            const remaining = Date.parse(element.dataset.deadline) - Date.now();
            element.textContent = remaining > 0 ? left(remaining) : "expired";
            element.classList.toggle("soon", remaining < 60000);
        }
    };

    // Copy buttons, shown only where they work.
    const prepareCopying = () => {
        for (const button of document.querySelectorAll("button.copy[hidden]")) {
            button.hidden = !navigator.clipboard;
        }
    };
    document.addEventListener("click", async (event) => {
        const button = event.target.closest("button.copy");
        if (!button) {
            return;
        }
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
        button.textContent = "Copied";
        setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });

    // The queue by keyboard. Only the selected ticket is ever decided: one that moved up by itself must be selected anew.
    const tickets = () => [...document.querySelectorAll(".ticket")];
    const selected = () => document.querySelector(".ticket.selected");
    let deciding = false;
    const select = (ticket, focus) => {
        for (const other of tickets()) {
            other.classList.toggle("selected", other === ticket);
            if (other === ticket) {
                other.setAttribute("aria-current", "true");
            } else {
                other.removeAttribute("aria-current");
            }
        }
        if (ticket && focus) {
            ticket.focus({ preventScroll: true });
            ticket.scrollIntoView({ block: "nearest" });
        }
    };
    const move = (step) => {
        const all = tickets();
        const at = all.indexOf(selected());
        const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step));
        if (all[next]) {
            select(all[next], true);
        }
    };
    const decide = (decision) => {
        const ticket = selected();
        if (!ticket || deciding) {
            return;
        }
        const button = ticket.querySelector(`button[value="${decision}"]`);
        deciding = button !== null;
        button?.click();
    };
    document.addEventListener("keydown", (event) => {
        const typing = event.target.closest("input, textarea, select, [contenteditable]");
        if (typing && event.key === "Escape" && typing.closest(".ticket")) {
            typing.closest(".ticket").focus();
            return;
        }
        if (typing || event.repeat || event.ctrlKey || event.metaKey || event.altKey) {
            return;
        }
        const way = event.key === "j" || event.key === "k" ? document.querySelector(`a[data-key="${event.key}"]`) : null;
        if (way) {
            way.click();
            return;
        }
        if (tickets().length === 0) {
            return;
        }
        switch (event.key) {
            case "j": move(1); break;
            case "k": move(-1); break;
            case "a": decide("approve"); break;
            case "d": decide("deny"); break;
            case "n":
                if (selected()) {
                    selected().querySelector("input[name=note]").focus();
                    event.preventDefault();
                }
                break;
            case "x": selected()?.querySelector("input[name=ticket]")?.click(); break;
            default:
        }
    });
    document.addEventListener("focusin", (event) => {
        const ticket = event.target.closest(".ticket");
        if (ticket) {
            select(ticket, false);
        }
    });

    // After a swap: the badge and the title follow the queue; after one's own decision the next ticket is selected.
    let next = null;
    document.addEventListener("htmx:beforeRequest", (event) => {
        if (event.detail.requestConfig.verb === "post") {
            const all = tickets();
            const at = all.indexOf(event.detail.elt.closest(".ticket"));
            const follower = all[at + 1] || all[at - 1];
            next = follower ? follower.id : null;
        }
    });
    document.addEventListener("htmx:afterRequest", (event) => {
        if (event.detail.requestConfig.verb === "post") {
            deciding = false;
        }
        if (trouble) {
            trouble.hidden = event.detail.successful || event.detail.xhr.status === 401;
            if (!event.detail.successful) {
                const plain = (event.detail.xhr.getResponseHeader("Content-Type") || "").startsWith("text/plain");
                trouble.textContent = plain && event.detail.xhr.responseText
                    ? event.detail.xhr.responseText
                    : "The gateway does not answer. This page tries again by itself.";
            }
        }
    });
    document.addEventListener("htmx:afterSwap", () => {
        refresh();
        if (next) {
            const follower = document.getElementById(next);
            next = null;
            if (follower) {
                select(follower, true);
            }
        }
    });

    const title = document.title;
    const refresh = () => {
        countDown();
        prepareCopying();
        countTicks();
        const place = document.getElementById("place");
        if (place) {
            const waiting = Number(place.dataset.waiting);
            document.title = waiting > 0 ? `(${waiting}) ${title}` : title;
            const link = document.querySelector('.side a[href="/approvals"]');
            let badge = link.querySelector(".badge");
            if (waiting === 0 && badge) {
                badge.remove();
            } else if (waiting > 0) {
                if (!badge) {
                    badge = document.createElement("span");
                    badge.className = "badge";
                    link.append(badge);
                }
                badge.textContent = waiting;
                badge.setAttribute("aria-label", `${waiting} waiting`);
            }
        }
    };

    // The chart of spend: drawn where the library is there, else the plain bars stay.
    const drawSpend = () => {
        const canvas = document.querySelector("canvas[data-series]");
        if (!canvas) {
            return;
        }
        const library = document.createElement("script");
        library.src = canvas.dataset.script;
        library.addEventListener("load", () => {
            const colours = ["#2f6fde", "#d9822b", "#2a9d6f", "#a04bc9", "#c23b52", "#7a8a2e", "#8a8f98"];
            const { labels, series } = JSON.parse(canvas.dataset.series);
            const ink = getComputedStyle(document.body).color;
            canvas.parentElement.hidden = false;
            canvas.closest("figure").classList.add("with-library");
            new Chart(canvas, {
                type: "bar",
                data: {
                    labels,
                    datasets: series.map((one, i) => ({ label: one.name, data: one.dollars, backgroundColor: colours[i % colours.length] })),
                },
                options: {
                    animation: false,
                    maintainAspectRatio: false,
                    scales: {
                        x: { stacked: true, grid: { display: false }, ticks: { color: ink } },
                        y: { stacked: true, ticks: { color: ink, callback: (dollars) => "$" + dollars } },
                    },
                    plugins: {
                        legend: { position: "bottom", labels: { color: ink } },
                        tooltip: { callbacks: { label: (item) => `${item.dataset.label}: $${item.raw}` } },
                    },
                    onHover: (event, bars) => { canvas.classList.toggle("leads", bars.length > 0 && series[bars[0].datasetIndex].link !== ""); },
                    onClick: (event, bars) => {
                        if (bars.length > 0 && series[bars[0].datasetIndex].link) {
                            location.href = series[bars[0].datasetIndex].link;
                        }
                    },
                },
            });
        });
        document.head.append(library);
    };
    // The queue is told at once that something changed; where that does not work, it is asked for every two seconds.
    const followQueue = () => {
        if (!document.getElementById("queue")) {
            return;
        }
        const changed = () => window.htmx?.trigger(document.body, "queue");
        // What was asked for before a decision may be answered behind it.
        document.addEventListener("htmx:afterSettle", (event) => {
            if (event.detail.requestConfig.verb === "post") {
                changed();
            }
        });
        let events = null;
        const follow = () => {
            if (document.hidden) {
                // Browsers open few connections to one place: a page that nobody looks at takes none.
                events?.close();
                events = null;
            } else if (window.EventSource && (!events || events.readyState === EventSource.CLOSED)) {
                events = new EventSource("/approvals/events");
                events.addEventListener("queue", changed);
            }
        };
        document.addEventListener("visibilitychange", follow);
        setInterval(() => {
            if (!document.hidden && events?.readyState !== EventSource.OPEN) {
                changed();
            }
        }, 2000);
        follow();
    };
    // Nothing is decided for nobody: the buttons work when something is ticked.
    const countTicks = () => {
        const batch = document.getElementById("batch");
        if (batch) {
            const ticked = document.querySelectorAll("input[form=batch]:checked").length;
            for (const button of batch.querySelectorAll("button")) {
                button.disabled = ticked === 0;
                button.textContent = (button.value === "approve" ? "Approve " : "Deny ") + (ticked === 0 ? "ticked" : `${ticked} ticked`);
            }
        }
    };
    document.addEventListener("change", countTicks);
    // The line that lights up when a call arrives.
    const awaitCall = () => {
        const line = document.querySelector("[data-events]");
        if (!line || !window.EventSource) {
            return;
        }
        const events = new EventSource(line.dataset.events);
        events.addEventListener("call", (event) => {
            events.close();
            const call = JSON.parse(event.data);
            const link = document.createElement("a");
            link.href = call.link;
            link.textContent = `${call.agent} called ${call.model}`;
            line.className = "notice good";
            line.replaceChildren("It works: ", link, ".");
        });
    };
    followQueue();
    awaitCall();
    drawSpend();
    document.querySelector(".side [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
    setInterval(countDown, 1000);
    refresh();
})();
