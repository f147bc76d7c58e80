/** The caches that something is being stored in: a strategy may put twice for one request. */
export class PendingPuts {
  private readonly counts = new Map<string, number>();

  has(cacheName: string): boolean {
    return this.counts.has(cacheName);
  }

  /** Runs a put, visibly for {@link has}. */
  async during<Result>(cacheName: string, put: () => Promise<Result>): Promise<Result> {
    const {counts} = this;
    const others = (): number => counts.get(cacheName) || 0;
    counts.set(cacheName, others() + 1);
    try {
      return await put();
    } finally {
      counts.set(cacheName, others() - 1);
      if (others() === 0) {
        counts.delete(cacheName);
      }
    }
  }
}
