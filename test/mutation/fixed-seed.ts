import fc from 'fast-check';

// A score that changes with the dice is none. And a mutant that is found needs no smaller example.
fc.configureGlobal({ seed: 20260131, endOnFailure: true });
