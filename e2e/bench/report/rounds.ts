/** Returns how many rounds a bench measures. `HOLDFAST_ROUNDS=1` only tries it. */
export const rounds = (standard: number): number => Number(process.env.HOLDFAST_ROUNDS ?? standard);
