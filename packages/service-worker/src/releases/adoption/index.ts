export {adoption} from './adoption.ts';
