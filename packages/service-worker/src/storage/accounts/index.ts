export {accounts} from './accounts.ts';
