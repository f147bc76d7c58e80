export type {Feature} from './Feature.ts';
export * from './protocol.ts';
