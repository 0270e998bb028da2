import fc from 'fast-check';

// Every run of the mutation tests tries the same examples, so that the same mutants survive.
fc.configureGlobal({ seed: 1 });
