// Prints config/blocked-passphrases.txt: `node config/make-blocked-passphrases.mjs > config/blocked-passphrases.txt`
//
// Lists of stolen passwords hold few of 15 characters or more, and those follow a handful of habits: a common password
// twice, a common password with a run of digits or a year, a walk over the keyboard, one character or word repeated, a
// line everybody knows. This file spells those habits out. Same words in, same list out; nothing is fetched.
// An office may add lines of its own to the .txt file: whatever is there counts.

const words =
  `password passw0rd qwerty qwertyuiop letmein welcome iloveyou sunshine princess football baseball basketball
softball soccer hockey monkey dragon master shadow superman batman spiderman pokemon starwars whatever trustno1 freedom
charlie michael jennifer jessica ashley jordan hunter ranger buster thomas robert daniel andrew joshua matthew anthony
william nicole hannah michelle samantha amanda brandon justin tigger cookie pepper ginger chocolate cheese banana orange
butterfly flower summer winter spring autumn october november december january february august september mustang ferrari
corvette harley yankees cowboys saints tigers pelicans eagles lakers steelers packers raiders computer internet samsung
google facebook apple windows microsoft secret admin administrator login access default changeme temppass guest testing
teacher student school classroom principal counselor education learning louisiana louisianastate batonrouge neworleans
shreveport lafayette lakecharles geauxtigers geauxsaints whodat mardigras crawfish gumbo bayou cajun creole pelican
magnolia faith blessed jesus christ lovejesus godisgood family forever babygirl babyboy loveyou lovely angel angels
heaven summertime happy smile lucky diamond purple yellow silver golden rainbow unicorn kitty puppy doggie monday friday
hello goodbye goodmorning mynameis abcdef abcdefgh abc123 a1b2c3d4 passphrase mypassword newpassword`.split(/\s+/);

const tails = [
  '1',
  '12',
  '123',
  '1234',
  '12345',
  '123456',
  '1234567',
  '12345678',
  '123456789',
  '1234567890',
  '0123456789',
  '987654321',
  '111111',
  '000000',
  '112233',
  '123123',
  '123123123',
  '121212',
  'abc123',
  'qwerty',
  'password',
  'iloveyou',
  'welcome',
];

const lines =
  `correct horse battery staple|to be or not to be that is the question|to be or not to be|may the force be with you
the quick brown fox|the quick brown fox jumps over the lazy dog|twinkle twinkle little star|mary had a little lamb
row row row your boat|happy birthday to you|merry christmas and a happy new year|merry christmas everyone|happy new year to all
let it snow let it snow|jingle bells jingle bells|somewhere over the rainbow|take me out to the ball game|we wish you a merry christmas
you are my sunshine|you are my sunshine my only sunshine|when the saints go marching in|laissez les bons temps rouler|let the good times roll
geaux tigers geaux|who dat say dey gonna beat dem saints|down on the bayou|way down yonder in new orleans|home sweet home alabama
in the beginning god created|the lord is my shepherd|our father who art in heaven|for god so loved the world|jesus loves me this i know
god bless america|in god we trust|god bless this home|amazing grace how sweet the sound|i can do all things through christ
one nation under god|we the people of the united states|i pledge allegiance to the flag|life liberty and the pursuit of happiness
four score and seven years ago|i have a dream today|ask not what your country can do|give me liberty or give me death
once upon a time|once upon a time in the west|it was the best of times|call me ishmael some years ago|all that glitters is not gold
a long time ago in a galaxy far far away|live long and prosper|use the force luke|luke i am your father|these are not the droids
to infinity and beyond|hakuna matata hakuna matata|just keep swimming|let it go let it go|supercalifragilisticexpialidocious
winter is coming|you know nothing jon snow|valar morghulis|one ring to rule them all|my precious my precious|you shall not pass
houston we have a problem|elementary my dear watson|here is looking at you kid|there is no place like home|i will be back soon
show me the money|you had me at hello|say hello to my little friend|life is like a box of chocolates|run forrest run forrest
i love you forever|i love you so much|i love my family|i love my husband|i love my wife|i love my kids|i love my children|i love my dog
i love my mother|i love my students|i love teaching|i love jesus christ|i love new orleans|i love louisiana|i hate passwords
live laugh love|live love laugh always|keep calm and carry on|keep calm and teach on|carpe diem seize the day|no pain no gain no fame
this is my password|this is my passphrase|this is a password|my password is password|what is my password|the password is password
i forgot my password|please let me in|open sesame open sesame|let me in right now|change me please|change me now please|nobody knows this
my secret password|super secret password|very long password|a very long password|this is a long password|password for school|password for work
one two three four five|one two three four|onetwothreefourfive|abcdefghijklmnop|abcdefghijklmnopqrstuvwxyz|zyxwvutsrqponmlkjihgfedcba
easy as one two three|do re mi fa so la ti do|red orange yellow green blue|monday tuesday wednesday|january february march
reading writing arithmetic|no child left behind|teachers change lives|every child every day|every student succeeds|back to school
special education teacher|special education department|special education|department of education|louisiana department of education
individualized education program|louisiana believes|school board office|school system password|state of louisiana|pelican state pelican
go team go team go|defense wins championships|roll tide roll tide|hook em horns hook em|go saints go saints|go tigers go tigers
never gonna give you up|dont stop believing|we will rock you|we are the champions|stairway to heaven|sweet child of mine|bohemian rhapsody
hotel california|born to be wild|livin on a prayer|sweet home louisiana|dancing queen young and sweet|shake it off shake it off
yesterday all my troubles|let it be let it be|all you need is love|here comes the sun|hey jude dont make it bad|the long and winding road`
    .split(/[|\n]/)
    .map((line) => line.trim());

const walks = [
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertyuiopasdfghjklzxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
  'qazwsxedcrfvtgbyhnujm',
  'qwertyuiopasdfghjkl',
  'asdfghjklzxcvbnm',
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
  'zaq12wsxcde34rfvbgt5',
  'qwerasdfzxcv',
  'qweasdzxc',
  'poiuytrewq',
  'lkjhgfdsa',
  'mnbvcxz',
  '01234567890',
  '12345678901234567890',
  '98765432109876543210',
  '123qweasdzxc',
  'azertyuiop',
  'abcdefghijklmnopqrstuvwxyz',
  '147258369',
  '159357',
  '741852963',
  '13579',
  '24680',
  '102030405060708090',
  '112233445566778899',
  '3141592653589793238462643',
  '2718281828459045',
];

const parishes =
  `Acadia Allen Ascension Assumption Avoyelles Beauregard Bienville Bossier Caddo Calcasieu Caldwell Cameron Catahoula Claiborne
Concordia DeSoto EastBatonRouge EastCarroll EastFeliciana Evangeline Franklin Grant Iberia Iberville Jackson Jefferson JeffersonDavis
Lafayette Lafourche LaSalle Lincoln Livingston Madison Morehouse Natchitoches Orleans Ouachita Plaquemines PointeCoupee Rapides RedRiver
Richland Sabine StBernard StCharles StHelena StJames StJohn StLandry StMartin StMary StTammany Tangipahoa Tensas Terrebonne Union
Vermilion Vernon Washington Webster WestBatonRouge WestCarroll WestFeliciana Winn`
    .toLowerCase()
    .split(/\s+/);

/** The form passphrases are compared in: small letters and digits only (libs/accounts/src/passphrase-rules.ts). */
const plain = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
const atLeast15 = (text) => {
  let long = text;
  while (long.length < 15) long += text;
  return long;
};

const found = new Set();
const add = (text) => {
  const one = plain(text);
  if (one.length >= 15 && one.length <= 128) found.add(one);
};

for (const word of words) {
  add(atLeast15(word)); // password -> passwordpassword
  add(word.repeat(2));
  add(word.repeat(3));
  for (const tail of tails) {
    add(word + tail);
    add(tail + word);
    add(atLeast15(word + tail)); // password123 -> password123password123
  }
  for (const front of [
    'my',
    'the',
    'ilove',
    'iloveyou',
    'welcome',
    'welcometo',
    'letmein',
    'mypasswordis',
    'password',
    'hello',
    'super',
  ])
    add(front + word);
  for (const end of [
    'ismypassword',
    'isthebest',
    'rocks',
    'forever',
    'foreverandever',
    'is',
    'loveme',
    'teacher',
    'school',
  ])
    add(word + end);
}
for (const line of lines) {
  add(line);
  add(atLeast15(plain(line)));
}
for (const walk of walks) {
  const back = [...walk].reverse().join('');
  for (const one of [walk, back]) {
    add(atLeast15(one));
    add(one + one);
    for (let length = 15; length <= one.length; length++) add(one.slice(0, length));
    for (const other of walks) if (one.length + other.length <= 40) add(one + other);
  }
}
for (const one of 'abcdefghijklmnopqrstuvwxyz0123456789')
  for (let length = 15; length <= 32; length++) add(one.repeat(length));
for (const parish of parishes) {
  for (const end of [
    'parish',
    'parishschools',
    'parishschool',
    'parishschoolboard',
    'parishschoolsystem',
    'parishlouisiana',
    'parishteacher',
    'schools',
    'schoolboard',
    'schoolsystem',
    'highschool',
    'elementary',
    'elementaryschool',
    'middleschool',
    'louisiana',
    'education',
    'password',
    'password123',
    'welcome123',
    'teacher123',
  ])
    add(parish + end);
}

const head = `# Passphrases nobody may choose (security requirement PW-3), small letters and digits only; spaces and marks do not count.
# Compared whole, also without digits at the end: a line here with six more words is fine. Lines may be added.
# Made by config/make-blocked-passphrases.mjs.
`;
process.stdout.write(`${head}${[...found].sort().join('\n')}\n`);
