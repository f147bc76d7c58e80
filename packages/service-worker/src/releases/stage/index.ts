export {staging} from './staging.ts';
