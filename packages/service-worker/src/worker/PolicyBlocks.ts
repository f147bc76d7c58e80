import type {Route} from 'workbox-routing';
import {sleep} from '../timing/sleep.ts';
import {getOrCreateDefaultRouter, logger} from './workboxInternals.ts';

declare const self: ServiceWorkerGlobalScope;

/** How long a failed request waits for the browser to say that it was the policy that has blocked it. */
const SAID_WITHIN_MS = 100;

const hostOf = (url: string): string | undefined => {
  try {
    return new URL(url).host;
  } catch {
    // The browser names no URL for code that is inline.
    return undefined;
  }
};

/**
 * The hosts from which the worker's own Content Security Policy keeps it: it comes with the worker's script, and its
 * `connect-src` may have fewer hosts than the `script-src` of a page has. What a page could fetch by itself must not fail
 * since there is a worker. So requests to such a host go past it from then on. The first one is redirected to its own URL,
 * and the browser asks for that again, without the worker.
 *
 * https://w3c.github.io/webappsec-csp/#violation-events
 */
export class PolicyBlocks {
  private readonly hosts = new Set<string>();
  private readonly passing = new WeakSet<Route>();
  private isListening = false;

  /** Has the routes with our plugins pass by what the policy blocks. Routes that are added later take another call. */
  passBy(): void {
    if (!this.isListening) {
      this.isListening = true;
      self.addEventListener('securitypolicyviolation', (event) => {
        const {blockedURI, disposition} = event as SecurityPolicyViolationEvent;
        const host = disposition === 'report' ? undefined : hostOf(blockedURI);
        if (host && !this.hosts.has(host)) {
          this.hosts.add(host);
          if (process.env.NODE_ENV !== 'production') {
            logger.warn(
              `The Content Security Policy of the worker's script does not let it fetch from '${host}'. ` +
                'Requests to it go past the worker, and nothing of it is stored. Add the host to connect-src.',
            );
          }
        }
      });
    }
    for (const route of getOrCreateDefaultRouter().routes.get('GET') ?? []) {
      const plugins = (route.handler as {plugins?: object[]}).plugins ?? [];
      if (!this.passing.has(route) && plugins.some((plugin) => 'holdfast' in plugin)) {
        this.passing.add(route);
        this.pass(route);
      }
    }
  }

  private pass(route: Route): void {
    const {hosts} = this;
    const {match} = route;
    route.match = (options) => !hosts.has(options.url.host) && match.call(route, options);
    if (!route.catchHandler) {
      route.setCatchHandler(async ({request, url}) => {
        await (hosts.has((url as URL).host) || sleep(SAID_WITHIN_MS));
        // Workbox throws what the strategy has failed with, where this throws no error.
        return hosts.has((url as URL).host) ? Response.redirect(request.url) : Promise.reject();
      });
    }
  }
}
