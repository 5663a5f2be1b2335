import { languageTable, type TableRow } from './language-table.js';

/** What notices say in a sentence or half of one, as `signPhrases`. Written for this project. */
export const noticePhrases: readonly TableRow[] = [
  // Health
  ...languageTable(`
Wash your hands|Please wash your hands; Lavez-vous les mains; Lávese las manos; Hände waschen|Bitte Hände waschen
Wash your hands regularly; Lavez-vous régulièrement les mains|Lavez-vous les mains régulièrement; Lávese las manos con frecuencia; Regelmäßig Hände waschen|Waschen Sie regelmäßig Ihre Hände
Clean hands with soap and water|Wash your hands with soap and water; Lavez-vous les mains avec de l'eau et du savon; Lávese las manos con agua y jabón; Hände mit Wasser und Seife waschen|Waschen Sie die Hände mit Wasser und Seife
Disinfect your hands|Please disinfect your hands; Désinfectez-vous les mains; Desinféctese las manos; Hände desinfizieren|Bitte Hände desinfizieren
Cover your nose and mouth; Couvrez-vous le nez et la bouche; Cúbrase la nariz y la boca; Mund und Nase bedecken|Bedecken Sie Mund und Nase
Cover nose and mouth when coughing and sneezing|Cover your mouth and nose when coughing or sneezing; Couvrez-vous le nez et la bouche lorsque vous toussez ou éternuez; Cúbrase la nariz y la boca al toser o estornudar; Beim Husten und Niesen Mund und Nase bedecken
Keep your distance|Keep distance; Gardez vos distances|Respectez les distances; Mantenga la distancia|Guarde la distancia; Abstand halten|Bitte Abstand halten
Avoid close contact; Évitez les contacts rapprochés; Evite el contacto cercano; Engen Kontakt vermeiden|Vermeiden Sie engen Kontakt
Wear a mask|Please wear a mask; Portez un masque|Merci de porter un masque; Use mascarilla|Lleve mascarilla; Maske tragen|Bitte Maske tragen
Masks must be worn|Face masks required; Masque obligatoire|Port du masque obligatoire; Mascarilla obligatoria|Uso obligatorio de mascarilla; Maskenpflicht
Stay at home if you are ill|Stay home if you are sick; Restez chez vous si vous êtes malade; Quédese en casa si está enfermo; Bleiben Sie zu Hause, wenn Sie krank sind
Danger of infection; Risque d'infection; Riesgo de infección; Infektionsgefahr|Ansteckungsgefahr
Keep out of reach of children; Tenir hors de portée des enfants; Mantener fuera del alcance de los niños; Außer Reichweite von Kindern aufbewahren|Darf nicht in die Hände von Kindern gelangen
Best before; À consommer de préférence avant; Consumir preferentemente antes de; Mindestens haltbar bis
Use by; À consommer jusqu'au; Fecha de caducidad; Zu verbrauchen bis
Shake well before use; Bien agiter avant l'emploi|Agiter avant emploi; Agitar bien antes de usar|Agítese antes de usar; Vor Gebrauch gut schütteln|Vor Gebrauch schütteln
Keep refrigerated; À conserver au réfrigérateur|Conserver au frais; Conservar en frío|Mantener refrigerado; Gekühlt aufbewahren|Kühl lagern
Store in a cool, dry place; Conserver dans un endroit frais et sec|À conserver dans un endroit sec et frais; Conservar en lugar fresco y seco; Kühl und trocken lagern|An einem kühlen, trockenen Ort aufbewahren
`),
  // Please
  ...languageTable(`
Please wait|Please wait here; Veuillez patienter|Veuillez patienter ici; Espere, por favor|Espere aquí, por favor; Bitte warten|Bitte hier warten
Please wait to be seated; Merci d'attendre que l'on vous place; Espere a ser atendido, por favor; Bitte warten Sie, bis Ihnen ein Platz zugewiesen wird|Sie werden platziert
Please queue here|Queue here; Faites la queue ici|Merci de faire la queue ici; Haga cola aquí; Bitte hier anstellen
Please take a number; Prenez un ticket|Veuillez prendre un ticket; Coja su turno|Tome su turno; Bitte Nummer ziehen
Please pay here|Pay here; Payez ici|Paiement ici; Pague aquí; Hier bezahlen|Bitte hier bezahlen
Cash only; Espèces uniquement|Paiement en espèces uniquement; Solo efectivo; Nur Barzahlung
Cards only; Paiement par carte uniquement; Solo tarjeta|Solo pago con tarjeta; Nur Kartenzahlung
We accept credit cards; Cartes de crédit acceptées; Se aceptan tarjetas de crédito; Wir akzeptieren Kreditkarten
Please close the door|Keep door closed; Fermez la porte|Merci de fermer la porte|Veuillez fermer la porte; Cierre la puerta, por favor|Mantenga la puerta cerrada; Bitte Tür schließen|Tür bitte schließen|Bitte Türe schließen
Please turn off the light; Merci d'éteindre la lumière|Éteignez la lumière; Apague la luz, por favor; Bitte Licht ausschalten|Licht aus
Please turn off your mobile phones|Switch off mobile phones; Merci d'éteindre vos téléphones portables|Éteignez vos téléphones portables; Apaguen los teléfonos móviles; Bitte Handys ausschalten|Mobiltelefone ausschalten
Please do not disturb|Do not disturb; Ne pas déranger|Prière de ne pas déranger; No molestar; Bitte nicht stören
Please do not feed the animals|Do not feed the animals; Ne pas nourrir les animaux|Défense de nourrir les animaux; No dar de comer a los animales; Tiere nicht füttern|Füttern verboten
No bicycles; Vélos interdits|Interdit aux vélos; Prohibidas las bicicletas|Prohibido bicicletas; Fahrräder verboten|Keine Fahrräder
Keep dogs on a lead|Dogs must be kept on a leash; Chiens tenus en laisse|Tenez votre chien en laisse; Perros con correa|Lleve a su perro con correa; Hunde an die Leine|Hunde an der Leine führen|Hunde sind an der Leine zu führen
Please clean up after your dog; Ramassez les déjections de votre chien; Recoja los excrementos de su perro; Bitte den Kot Ihres Hundes entfernen
Please keep this place clean|Please keep clean; Merci de laisser cet endroit propre|Gardez cet endroit propre; Mantenga limpio este lugar; Bitte sauber halten|Halten Sie diesen Ort sauber
Thank you for your visit; Merci de votre visite; Gracias por su visita; Vielen Dank für Ihren Besuch|Danke für Ihren Besuch
Thank you for your understanding; Merci de votre compréhension; Gracias por su comprensión; Wir danken für Ihr Verständnis|Vielen Dank für Ihr Verständnis
We apologise for any inconvenience|Sorry for the inconvenience; Veuillez nous excuser pour la gêne occasionnée; Perdonen las molestias|Disculpe las molestias; Wir bitten um Entschuldigung|Wir bitten um Verständnis
Welcome; Bienvenue; Bienvenidos|Bienvenido; Willkommen|Herzlich willkommen
Have a good trip|Have a safe journey; Bonne route|Bon voyage; Buen viaje; Gute Fahrt|Gute Reise
See you soon; À bientôt; Hasta pronto; Bis bald
Enjoy your meal; Bon appétit; Buen provecho|Que aproveche; Guten Appetit
`),
  // Forbidden
  ...languageTable(`
No food or drink; Interdit de manger et de boire|Nourriture et boissons interdites; Prohibido comer y beber; Essen und Trinken verboten
No alcohol; Alcool interdit|Consommation d'alcool interdite; Prohibido el consumo de alcohol; Alkoholverbot|Kein Alkohol
No fishing; Pêche interdite; Prohibido pescar; Angeln verboten
No diving; Plongeon interdit|Interdiction de plonger; Prohibido tirarse de cabeza|Prohibido zambullirse; Springen verboten|Kopfsprung verboten
No camping; Camping interdit; Prohibido acampar; Zelten verboten|Campen verboten
No hunting; Chasse interdite; Prohibido cazar; Jagen verboten
No open fires|No naked flames; Feux interdits|Défense de faire du feu; Prohibido hacer fuego; Offenes Feuer verboten|Feuer machen verboten
No running; Défense de courir|Interdiction de courir; Prohibido correr; Nicht rennen|Rennen verboten
No ball games; Jeux de ballon interdits|Interdiction de jouer au ballon; Prohibido jugar a la pelota; Ballspielen verboten
No mobile phones; Téléphones portables interdits; Prohibido usar el teléfono móvil; Handyverbot|Handys verboten
No trespassing; Passage interdit; Prohibido pasar; Betreten verboten|Durchgang verboten
Keep out; Défense d'entrer|N'entrez pas; No pasar; Draußen bleiben
Construction site, keep out|Building site, no entry; Chantier interdit au public; Prohibido el paso a la obra; Betreten der Baustelle verboten
Parents are liable for their children; Les parents sont responsables de leurs enfants; Los padres son responsables de sus hijos; Eltern haften für ihre Kinder
Enter at your own risk; Accès à vos risques et périls; Acceso bajo su responsabilidad; Betreten auf eigene Gefahr|Zutritt auf eigene Gefahr
Under 18s not admitted|No admittance under 18; Interdit aux moins de 18 ans; Prohibida la entrada a menores de 18 años; Zutritt ab 18 Jahren|Kein Zutritt unter 18 Jahren
Vehicles will be towed away|Tow-away zone; Mise en fourrière|Stationnement interdit sous peine de mise en fourrière; Se avisa grúa|Zona de retirada de vehículos; Fahrzeuge werden abgeschleppt|Widerrechtlich abgestellte Fahrzeuge werden abgeschleppt
No through road|No thoroughfare; Pas de passage; Sin paso|Calle sin paso; Keine Durchfahrt|Durchfahrt verboten
No lorries; Interdit aux poids lourds; Prohibido camiones; Keine Lkw|Lkw-Verbot
`),
  // Mind
  ...languageTable(`
Mind the gap; Attention à l'espace entre le train et le quai; Cuidado con el hueco entre el tren y el andén; Vorsicht Spalt
Mind your head; Attention à la tête; Cuidado con la cabeza; Vorsicht Kopf|Achtung Kopfhöhe
Slippery when wet|Slippery road; Chaussée glissante; Calzada resbaladiza|Pavimento deslizante; Schleudergefahr|Straßenglätte
Falling rocks; Chutes de pierres; Desprendimientos|Caída de piedras; Steinschlag
Danger of avalanches; Risque d'avalanche|Danger d'avalanche; Peligro de aludes; Lawinengefahr
Danger of electric shock; Danger d'électrocution; Riesgo eléctrico|Peligro de electrocución; Stromschlaggefahr
Hot surface; Surface chaude; Superficie caliente; Heiße Oberfläche
Fragile; Fragile; Frágil; Zerbrechlich
Flammable; Inflammable; Inflamable; Leicht entzündlich|Feuergefährlich
Do not use the lift in case of fire; Ne pas utiliser l'ascenseur en cas d'incendie; No utilizar el ascensor en caso de incendio; Aufzug im Brandfall nicht benutzen
Break glass in case of emergency; En cas d'urgence, briser la vitre; En caso de emergencia, rompa el cristal; Im Notfall Scheibe einschlagen
Pull in case of emergency; Tirer en cas d'urgence; Tirar en caso de emergencia; Im Notfall ziehen
Emergency call; Appel d'urgence; Llamada de emergencia; Notruf
Emergency brake; Frein de secours|Signal d'alarme; Freno de emergencia; Notbremse
Fire alarm; Alarme incendie|Avertisseur d'incendie; Alarma de incendios; Feuermelder|Feueralarm
Escape route; Voie d'évacuation|Chemin de fuite; Vía de evacuación|Ruta de evacuación; Fluchtweg|Rettungsweg
Lifeguard on duty; Baignade surveillée; Playa vigilada; Badeaufsicht
Swim at your own risk|No lifeguard on duty; Baignade non surveillée; Playa sin vigilancia; Baden auf eigene Gefahr
Hard hats must be worn|Safety helmets must be worn; Port du casque obligatoire; Uso obligatorio de casco; Helmpflicht|Schutzhelm tragen
Fasten your seat belt|Fasten seat belts; Attachez votre ceinture|Attachez vos ceintures; Abróchese el cinturón|Abróchense los cinturones; Bitte anschnallen|Anschnallen
`),
  // On the way
  ...languageTable(`
Speed limit; Limitation de vitesse|Vitesse limitée; Límite de velocidad; Geschwindigkeitsbegrenzung|Höchstgeschwindigkeit
School zone; Zone scolaire; Zona escolar; Schulzone
Children crossing|Caution, children; Attention enfants|Attention aux enfants; Atención niños; Achtung Kinder|Vorsicht Kinder
Pedestrian crossing; Passage piétons|Passage pour piétons; Paso de peatones; Fußgängerüberweg|Zebrastreifen
Level crossing; Passage à niveau; Paso a nivel; Bahnübergang
Reduced speed now|Reduce speed; Réduisez votre vitesse; Modere su velocidad; Geschwindigkeit verringern|Tempo reduzieren
Switch on headlights; Allumez vos feux|Allumez vos phares; Encienda las luces|Encender luces; Licht einschalten
Road works ahead; Attention travaux; Atención obras; Achtung Baustelle
Lane closed; Voie fermée; Carril cerrado; Fahrspur gesperrt
End of diversion; Fin de déviation; Fin de desvío; Ende der Umleitung
Pay and display; Stationnement payant|Parking payant; Zona de estacionamiento regulado|Aparcamiento de pago; Parkschein lösen|Gebührenpflichtig
Free parking; Parking gratuit|Stationnement gratuit; Aparcamiento gratuito; Kostenloser Parkplatz|Kostenlos parken
Disabled parking; Réservé aux personnes handicapées|Places handicapées; Reservado para minusválidos|Reservado para personas con discapacidad; Behindertenparkplatz|Nur für Behinderte
Except deliveries; Sauf livraisons; Excepto carga y descarga; Lieferverkehr frei
Except cyclists; Sauf vélos|Sauf cyclistes; Excepto bicicletas; Radfahrer frei|Fahrrad frei
Except buses; Sauf bus; Excepto autobuses; Busse frei
Bus lane; Voie de bus|Couloir de bus; Carril bus; Busspur|Busfahrstreifen
Next stop; Prochain arrêt; Próxima parada; Nächster Halt|Nächste Haltestelle
Last stop|Terminus; Terminus; Última parada|Fin de trayecto; Endstation
Stamp your ticket|Validate your ticket; Compostez votre billet|Validez votre titre de transport; Valide su billete; Bitte Fahrkarte entwerten|Fahrschein entwerten
Passport control; Contrôle des passeports; Control de pasaportes; Passkontrolle
Nothing to declare; Rien à déclarer; Nada que declarar; Nichts zu verzollen|Nichts zu deklarieren
Boarding; Embarquement; Embarque; Einsteigen|Boarding
Gate closed; Porte fermée|Embarquement terminé; Puerta cerrada|Embarque cerrado; Gate geschlossen
First class; Première classe; Primera clase; Erste Klasse
Second class; Deuxième classe|Seconde classe; Segunda clase; Zweite Klasse
Reserved; Réservé; Reservado; Reserviert
Way to the trains|To the trains; Accès aux trains|Accès aux quais; Acceso a los trenes|Acceso a andenes; Zu den Zügen|Zu den Gleisen
`),
  // Shops, museums, houses
  ...languageTable(`
Open daily; Ouvert tous les jours; Abierto todos los días; Täglich geöffnet
Open from Monday to Friday|Monday to Friday; Ouvert du lundi au vendredi|Du lundi au vendredi; Abierto de lunes a viernes|De lunes a viernes; Montag bis Freitag geöffnet|Montag bis Freitag
Closed on Sundays; Fermé le dimanche; Cerrado los domingos; Sonntags geschlossen
Closed for holidays|Closed for the holidays; Fermeture pour congés|Fermé pour congés|Fermeture annuelle; Cerrado por vacaciones; Betriebsferien|Wegen Urlaub geschlossen
Closed for renovation; Fermé pour travaux; Cerrado por reformas|Cerrado por obras; Wegen Umbau geschlossen|Wegen Renovierung geschlossen
Back soon; De retour bientôt|Je reviens tout de suite; Vuelvo enseguida; Bin gleich zurück|Komme gleich wieder
Everything must go; Tout doit disparaître; Liquidación total; Alles muss raus
Clearance sale; Liquidation totale|Liquidation; Liquidación por cierre|Liquidación; Räumungsverkauf
Special offer; Offre spéciale|Promotion; Oferta especial|Oferta; Sonderangebot
Buy one, get one free; Un acheté, un offert; Dos por uno; Zwei zum Preis von einem
Sold out; Épuisé|Guichets fermés; Agotado|Entradas agotadas; Ausverkauft
Sold; Vendu; Vendido; Verkauft
New; Nouveau|Nouveauté; Nuevo|Novedad; Neu
Free of charge; Gratuit; Gratis|Gratuito; Kostenlos|Gratis
Service not included; Service non compris; Servicio no incluido; Bedienung nicht inbegriffen
Service included; Service compris; Servicio incluido; Bedienung inbegriffen
Take away; À emporter|Plats à emporter; Para llevar|Comida para llevar; Zum Mitnehmen|Außer Haus
Fitting rooms; Cabines d'essayage; Probadores; Umkleidekabinen|Anprobe
No refunds; Ni repris ni échangé; No se admiten devoluciones; Keine Rückgabe|Vom Umtausch ausgeschlossen
Free Wi-Fi; Wi-Fi gratuit; Wifi gratis; Kostenloses WLAN|Gratis WLAN
Cloakroom; Vestiaire; Guardarropa; Garderobe
Last admission; Dernière entrée; Última entrada; Letzter Einlass
Guided tour|Guided tours; Visite guidée|Visites guidées; Visita guiada|Visitas guiadas; Führung|Führungen
No flash photography|No flash; Photos sans flash uniquement|Flash interdit; Prohibido usar flash|Sin flash; Kein Blitz|Ohne Blitz fotografieren
Lift out of order; Ascenseur en panne; Ascensor averiado|Ascensor fuera de servicio; Aufzug außer Betrieb|Aufzug defekt
Beware of pickpockets; Attention aux pickpockets; Cuidado con los carteristas; Vorsicht Taschendiebe|Achtung Taschendiebe
No advertising|No junk mail; Pas de publicité|Stop pub; No se admite publicidad; Keine Werbung|Bitte keine Werbung|Werbung einwerfen verboten
Deliveries at rear|Deliveries at the rear; Livraisons par l'arrière; Entregas por la parte trasera; Lieferanten bitte hinten|Anlieferung hinten
Letter box|Post box; Boîte aux lettres; Buzón; Briefkasten
Paper; Papier; Papel; Papier|Altpapier
Waste|Rubbish; Déchets|Ordures; Basura; Abfall|Müll|Restmüll
Glass; Verre; Vidrio; Glas|Altglas
`),
  // On cards of films
  ...languageTable(`
A few hours later; Quelques heures plus tard; Unas horas más tarde|Horas después; Ein paar Stunden später|Einige Stunden später
A week later; Une semaine plus tard; Una semana después|Una semana más tarde; Eine Woche später
One year later|A year later; Un an plus tard; Un año después|Un año más tarde; Ein Jahr später
The following evening; Le lendemain soir; A la noche siguiente; Am nächsten Abend
Once upon a time; Il était une fois; Érase una vez|Había una vez; Es war einmal
To be continued; À suivre; Continuará; Fortsetzung folgt
Based on a true story; D'après une histoire vraie|Inspiré d'une histoire vraie; Basada en hechos reales; Nach einer wahren Geschichte|Nach einer wahren Begebenheit
Produced by; Produit par; Producida por|Producido por; Produziert von
Written by; Écrit par|Scénario de; Escrita por|Escrito por|Guion de; Drehbuch
Music by; Musique de; Música de; Musik von|Musik
Starring; Avec; Con la actuación de; In den Hauptrollen
`),
];
