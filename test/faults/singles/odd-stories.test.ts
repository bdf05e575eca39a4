import { everySingleFaultOfHalf } from './half-of-the-stories.ts';

everySingleFaultOfHalf(1);
