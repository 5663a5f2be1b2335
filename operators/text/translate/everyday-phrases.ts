import { languageTable, type TableRow } from './language-table.js';

/** With what people begin what they say, a comma after it, or say nothing else, as `signPhrases`: networks that learned from whole sentences do not know these. Written for this project. */
export const interjections: readonly TableRow[] = languageTable(`
Yes|Yeah|Yep; Oui|Ouais; Sí; Ja
No|Nope; Non; =; Nein|Nee
Okay|OK|All right|Alright; D'accord|OK; De acuerdo|Vale|OK; In Ordnung|OK|Einverstanden
Thank you|Thanks; Merci; Gracias; Danke
Thank you very much|Thanks a lot|Many thanks; Merci beaucoup; Muchas gracias; Vielen Dank|Danke schön|Danke sehr
Hello|Good morning|Good day; Bonjour; Buenos días; Guten Tag|Guten Morgen
Hi|Hey; Salut; Hola; Hallo
Good evening; Bonsoir; Buenas tardes; Guten Abend
Goodbye|Bye|Good bye; Au revoir; Adiós; Auf Wiedersehen|Tschüs|Tschüss
Sorry|I'm sorry|I am sorry|Pardon; Pardon|Désolé|Désolée|Je suis désolé|Je suis désolée; Lo siento|Perdón; Entschuldigung|Es tut mir leid|Tut mir leid
Excuse me; Excusez-moi|Excuse-moi; Disculpe|Disculpa; Entschuldigen Sie|Verzeihung
Of course|Sure|Certainly; Bien sûr; Por supuesto|Claro|Claro que sí; Natürlich|Klar|Selbstverständlich
Maybe|Perhaps; Peut-être; Quizás|Quizá|Tal vez; Vielleicht
Sir; Monsieur; Señor; Mein Herr
Madam|Ma'am; Madame; Señora; Gnädige Frau
Oh; =; =; =
Ah; =; =; Ach
My God|Oh my God; Mon Dieu; Dios mío; Mein Gott
`);

/** What is said by itself. */
export const everydayPhrases: readonly TableRow[] = languageTable(`
Please; S'il vous plaît|S'il te plaît; Por favor; Bitte
Good night; Bonne nuit; Buenas noches; Gute Nacht
See you later; À plus tard|À tout à l'heure; Hasta luego|Nos vemos luego; Bis später|Bis nachher
See you tomorrow; À demain; Hasta mañana|Nos vemos mañana; Bis morgen
Have a nice day|Have a good day; Bonne journée; Que tenga un buen día; Schönen Tag noch|Einen schönen Tag noch
Good luck; Bonne chance; Buena suerte|Mucha suerte; Viel Glück
Happy birthday; Joyeux anniversaire|Bon anniversaire; Feliz cumpleaños; Alles Gute zum Geburtstag
Merry Christmas; Joyeux Noël; Feliz Navidad; Frohe Weihnachten|Fröhliche Weihnachten
Happy New Year; Bonne année; Feliz año nuevo; Frohes neues Jahr|Ein gutes neues Jahr
Congratulations; Félicitations; Felicidades|Enhorabuena; Herzlichen Glückwunsch|Glückwunsch
Cheers; Santé|À votre santé; Salud; Prost|Zum Wohl
You're welcome|Don't mention it; De rien|Je vous en prie|Je t'en prie; De nada; Gern geschehen|Bitte schön|Keine Ursache
How are you|How are you doing; Comment allez-vous|Comment ça va|Comment vas-tu; Cómo está|Cómo estás|Qué tal; Wie geht es Ihnen|Wie geht es dir|Wie geht's
I don't know; Je ne sais pas|Je sais pas; No sé|No lo sé; Ich weiß nicht|Ich weiß es nicht
I know; Je sais|Je le sais; Lo sé|Ya lo sé; Ich weiß|Ich weiß es
I understand; Je comprends; Entiendo|Comprendo; Ich verstehe
I love you; Je t'aime; Te quiero|Te amo; Ich liebe dich
Come here|Come; Viens ici|Venez ici|Viens; Ven aquí|Venga aquí|Ven; Komm her|Kommen Sie her
Come in; Entrez|Entre; Pase|Adelante; Herein|Kommen Sie herein
Come on; Allez|Allons; Vamos|Venga; Komm schon|Los
Let's go; Allons-y|On y va; Vámonos|Vamos ya; Gehen wir|Los geht's
Go away; Va-t'en|Allez-vous-en; Vete|Váyase|Lárgate; Geh weg|Gehen Sie weg
Be careful|Watch out|Look out; Fais attention|Faites attention; Ten cuidado|Tenga cuidado; Pass auf|Passen Sie auf
Wait|Wait a minute|Wait a moment; Attendez|Attends; Espera|Espere|Un momento; Warte|Warten Sie|Moment
Look; Regardez|Regarde; Mira|Mire; Schau|Schauen Sie|Sieh mal
Listen; Écoutez|Écoute; Escucha|Escuche|Oye; Hör zu|Hören Sie
Shut up; Tais-toi|Taisez-vous; Cállate|Cállese; Halt den Mund|Sei still
Calm down; Calme-toi|Calmez-vous|Du calme; Cálmate|Cálmese; Beruhige dich|Beruhigen Sie sich
What; Quoi; Qué; Was
Why; Pourquoi; Por qué; Warum|Wieso
Who; Qui; Quién; Wer
Where; Où; Dónde; Wo
When; Quand; Cuándo; Wann
How; Comment; Cómo; Wie
Really; Vraiment|C'est vrai; De verdad|En serio; Wirklich|Echt
What is it|What's the matter|What's wrong; Qu'y a-t-il|Qu'est-ce qu'il y a; Qué pasa|Qué hay; Was ist los|Was ist denn
What's that|What is that; Qu'est-ce que c'est; Qué es eso; Was ist das
Who's there|Who is there; Qui est là; Quién es|Quién está ahí; Wer ist da
A little|A bit; Un peu; Un poco; Ein bisschen|Ein wenig
Nothing; Rien; Nada; Nichts
Never; Jamais; Nunca|Jamás; Nie|Niemals
Always; Toujours; Siempre; Immer
Now; Maintenant; Ahora; Jetzt
Today; Aujourd'hui; Hoy; Heute
Tomorrow; Demain; Mañana; Morgen
Yesterday; Hier; Ayer; Gestern
Later; Plus tard; Más tarde|Después; Später
Good; Bien|Bon; Bien|Bueno; Gut
Very good|Very well; Très bien; Muy bien; Sehr gut
Bravo|Well done; Bravo; Bravo|Bien hecho; Bravo|Gut gemacht
Me too; Moi aussi; Yo también; Ich auch
Not me; Pas moi; Yo no; Ich nicht
And you; Et vous|Et toi; Y usted|Y tú; Und Sie|Und du
Nobody|No one; Personne; Nadie; Niemand
Everybody|Everyone; Tout le monde; Todo el mundo; Alle
Ladies and gentlemen; Mesdames et messieurs; Señoras y señores; Meine Damen und Herren
Quick|Hurry up|Hurry; Vite|Dépêche-toi|Dépêchez-vous; Rápido|Date prisa|Dese prisa; Schnell|Beeil dich|Beeilen Sie sich
My friend; Mon ami|Mon amie; Mi amigo|Amigo mío; Mein Freund
My love|Darling; Mon amour|Chéri|Chérie; Mi amor|Cariño; Mein Schatz|Liebling
`);
