/**
 * Tells whether no later request can match an answer, as its host says with `Vary: *`: as far as that header is visible
 * across origins.
 */
export const matchesNothing = ({headers}: Pick<Response, 'headers'>): boolean =>
  /(?:^|,)\s*\*\s*(?:,|$)/.test(headers.get('vary') ?? '');
