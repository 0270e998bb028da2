// Patterns for whole words, in any case. A word that is also plain English ("cool", "kid") is listed only in phrases that are not.

const CHAT =
  'lol|lmao|rofl|omg|wtf|btw|tbh|imo|imho|idk|brb|thx|pls|plz|tho|cuz|coz|cya|asap|fyi|ngl|irl|ya|dat|wat|wats|luv|kno|gud|da';
const SPOKEN =
  "gonna|wanna|gotta|kinda|sorta|dunno|lemme|gimme|innit|ain't|gotcha|betcha|outta|lotta|yeah|yep|yup|yay|nope|nah|meh|yikes|whoops|oops|ugh|uh|phew|yuck|duh|hey|hiya|howdy|wow|whoa|woah|hooray|ha(?:ha)+h?|he(?:he)+|hmm+|aw+w|ooh|okay|ok|anyhoo";
const PEOPLE = "dude|bro|bruh|buddy|guys?|folks|y'all|sis|fella|hubby|hottie|mom";
const SLANG =
  'totally|freaking|frickin|friggin|dodgy|comfy|yummy|telly|cuppa|faff|knackered|bummer|bonkers|dope|legit|hella|vibes?|insane|awesome|cringe|stoked|psyched|flirty';
const RUDE =
  'moron|morons|idiots?|dumbass|asshole|bastard|dumb|losers?|twat|wanker|arse|crap|crappy|damn|dammit|goddamn|shit|shitty|bullshit|fuck\\p{L}*|bitch|pissed|sucks|sucked|screwed';
/** Contractions without their apostrophe. "Wont", "ill" and "well" are words. */
const NO_APOSTROPHE =
  'dont|doesnt|didnt|isnt|arent|wasnt|werent|cant|couldnt|wouldnt|shouldnt|havent|hasnt|hadnt|im|ive|youre|youve|theyre|thats|whats|theres|lets see';

/** Words of chat and speech, insults and oaths. */
export const CASUAL_WORDS: string = [CHAT, SPOKEN, PEOPLE, SLANG, RUDE, NO_APOSTROPHE].join('|');

const EXCLAIMED =
  "shut up|get lost|hell (?:no|yeah|yes)|(?:what|who|why|how) the hell|bloody (?:hell|awful|good|brilliant)|such a jerk|who cares|what's up|long time no see|hi (?:there|all)|see (?:you|ya)(?: soon| later| there| around)|talk (?:soon|later)|cheers for|thanks (?:a bunch|a million|a ton|so much)|my bad|no (?:worries|biggie|sweat|probs?|clue)|big deal|you bet|you rock|told you so|beats me|good for you|how come";
const INTENSE =
  '(?:so|super|pretty|real|dead|way) (?:cool|good|nice|fun|tired|easy|cute|weird|pumped|into|bad|cheap|happy)|(?:is|was|are|sounds?|looks?) (?:cool|nuts|awesome)|into (?:you|him|her|me) any ?more|easy going|a blast|a sec|(?:a )?bunch of|(?:tons|loads|heaps|lots) of|(?:a )?bit of an?|kind of (?:fun|sad|cool|nice|weird)|poor thing|(?:my|your) folks|(?:the|my|your) kids|(?:big|most|some|of|all) (?:guys|girls)';
const VERBS =
  "hang (?:out|in there|around)|chill (?:out|a bit)|swing by|pop(?:ping|ped)? (?:in|by|round|over)|mess(?:es|ed|ing)? (?:up|with)|screw(?:s|ed)? up|freak(?:s|ed|ing)? out|crack(?:s|ed)? me up|dump(?:s|ed)? (?:him|her|me)|nail(?:ed)? (?:it|the)|get away with|stick around|figure (?:it )?out|check (?:it|this|that) out|grab (?:a|some)|chuck (?:it|them)|fancy an?|piece of cake|over the moon|up the wall|give it a (?:go|shot|try|whirl)|keep it (?:up|loose|chill)|keep at it|can't wait|a nightmare";

/** Phrases. */
export const CASUAL_PHRASES: string = [EXCLAIMED, INTENSE, VERBS].join('|');

/** What begins a sentence that leaves out its subject, or a greeting. */
export const CASUAL_OPENINGS: string =
  'sounds (?:good|great|like|fun|nice|lovely|tough|rough)|looks (?:good|great|like)|feels like|hope (?:you|it|that|the|all|your)|glad (?:you|it|to|that)|guess (?:who|what|so|you|it|I)|bet (?:you|it|that|he|she|they)|been (?:there|a|so|ages)|got (?:it|to|a|you)|love (?:it|that|this|your)|wish (?:I|you|we)|wanted to|sorry (?:to hear|about)|so sorry|thanks|same here|no idea|no way|not bad|fair enough|good call|nice one|happens to|yo|sup|hi|bye|cheers|so yeah|what a (?:bummer|mess|pain)|look,|depends,|depends on';
