import { FactbusApp } from '../lib/factbus-app.ts';

new FactbusApp().synth();
