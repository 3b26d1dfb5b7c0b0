/**
 * The console in a real browser: Debian's Chromium, driven by Playwright over the Node that is installed, against a gateway in a process of
 * its own. Where one of both is missing these tests are skipped, which one line says; with {@code TOLLGATE_BROWSER=required} they fail.
 */
@NullMarked
package dev.tollgate.browser;

import org.jspecify.annotations.NullMarked;
