/**
 * Tells whether a host forbids to store its answer: with `no-store`, or with a `Vary` that no later request can match.
 * Both headers are read as far as they are visible: across origins, `Cache-Control` is, and `Vary` may be hidden.
 */
export const forbidsStoring = ({headers}: Pick<Response, 'headers'>): boolean =>
  /(?:^|,)\s*no-store\s*(?:,|$)/i.test(headers.get('cache-control') ?? '') ||
  /(?:^|,)\s*\*\s*(?:,|$)/.test(headers.get('vary') ?? '');
