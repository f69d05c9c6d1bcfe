#include "generation/clustering/lexicon_tables.hpp"

namespace galley::generation {
namespace {

constexpr LexiconTable tables[] = {
    {.language = "en",
     .fillers = "a, an, the, and, or, but, of, in, on, at, to, for, from, by, with, without, into, about, as, is, "
                "are, was, were, be, been, am, it, its, this, that, these, those, i, you, he, she, we, they, me, "
                "my, your, his, her, our, their, do, does, did, can, could, should, would, will, have, has, if, "
                "so, than, then, there, near, not, no, any, some, get, vs, versus, per, too, very, use, using, "
                "make, making, need, much, many, often, like, re, ve, ll, don, doesn, isn, won",
     .navigational = "login, log in, signin, sign in, official, official site, official website, website, "
                     "homepage, customer service, customer support, contact number, phone number, opening hours, "
                     "near by",
     .transactional = "buy, buying, purchase, order, price, prices, pricing, cost, costs, cheap, cheapest, "
                      "discount, coupon, coupons, promo code, discount code, deal, deals, sale, for sale, on sale, "
                      "shop, store, online, subscribe, hire, rent, rental, book, booking, free shipping, near me, "
                      "quote, quotes, best price, best deal, how much is, how much are, how much does, how much "
                      "do, download, for hire",
     .commercial = "best, top, review, reviews, vs, versus, compare, comparison, compared, alternative, "
                   "alternatives, rated, top rated, ranking, worth, worth it, pros and cons, which is better, "
                   "difference between, buying guide, affordable, what is the best, what are the best, which is "
                   "the best, is it worth",
     .informational = "how, how to, what, why, when, guide, tutorial, tutorials, tips, ideas, examples, example, "
                      "meaning, definition, explained, learn, recipe, recipes, diy, step by step, beginners, best "
                      "way to, benefits, history of, facts, symptoms, causes, troubleshooting, chart, calculator, "
                      "problem, problems, not working",
     .questions = "how, how do, how does, how to, how long, how often, how many, what, what is, what are, what "
                  "does, why, why is, why are, why does, when, when to, when is, where, where to, who, who is, "
                  "which, can, can you, is, are, does, do, should, should i, is it",
     .topics = "recipe, recipes, book, booking, rent, rental, hire, history, diy, symptoms, causes, store, shop, "
               "website, quotes, quote, facts, benefits, homepage, chart, calculator, problem, problems"},
    {.language = "de",
     .fillers = "der, die, das, den, dem, des, ein, eine, einen, einem, einer, eines, und, oder, aber, von, vom, "
                "im, in, am, an, auf, zu, zum, zur, für, mit, ohne, ist, sind, war, bei, aus, es, als, man, ich, "
                "du, er, sie, wir, ihr, mein, meine, meinen, meinem, dein, deine, sein, seine, nicht, kein, keine, "
                "unter, über, nach, vor, bis, um, auch, noch, nur, wenn, dass, sich, mich, mir, kann, muss, soll, "
                "darf, hat, haben, wird, werden, ab, pro, vs, machen, macht",
     .navigational = "login, anmelden, anmeldung, einloggen, offizielle, offizielle seite, webseite, website, "
                     "startseite, kundenservice, kundendienst, hotline, telefonnummer, öffnungszeiten, kontakt",
     .transactional = "kaufen, kauf, bestellen, preis, preise, preisvergleich, kosten, kostet, günstig, günstige, "
                      "günstiger, günstigen, günstigste, billig, billige, angebot, angebote, rabatt, gutschein, "
                      "gutscheine, gutscheincode, online, shop, mieten, buchen, leihen, sale, in der nähe, wie "
                      "viel kostet, was kostet, was kosten, wie teuer, download, herunterladen, kostenloser "
                      "versand, bester preis",
     .commercial = "beste, bester, bestes, besten, top, test, tests, testsieger, vergleich, vergleichen, vs, "
                   "erfahrung, erfahrungen, bewertung, bewertungen, alternative, alternativen, empfehlung, "
                   "empfehlungen, kaufberatung, unterschied, unterschied zwischen, vorteile und nachteile, was ist "
                   "besser, welche ist die beste, welcher ist der beste, lohnt sich",
     .informational = "wie, was, warum, wann, anleitung, anleitungen, ratgeber, tipps, ideen, beispiele, beispiel, "
                      "bedeutung, definition, erklärt, erklärung, einfach erklärt, lernen, rezept, rezepte, selber "
                      "machen, selbst, selber, schritt für schritt, anfänger, symptome, ursachen, geschichte",
     .questions = "wie, wie lange, wie oft, wie viel, wie viele, wie funktioniert, wie macht man, was, was ist, "
                  "was sind, was bedeutet, warum, wieso, weshalb, wann, wo, wer, wer ist, welche, welcher, "
                  "welches, kann man, ist, sind, darf man, soll man",
     .topics = "rezept, rezepte, mieten, buchen, leihen, symptome, ursachen, geschichte, kontakt"},
    {.language = "fr",
     .fillers = "le, la, les, l, un, une, des, du, de, d, et, ou, mais, à, au, aux, en, dans, sur, sous, pour, "
                "par, avec, sans, est, sont, ce, cet, cette, ces, mon, ma, mes, ton, ta, tes, son, sa, ses, notre, "
                "votre, leur, je, tu, il, elle, on, nous, vous, ils, elles, ne, pas, plus, qu, que, qui, se, si, "
                "y, chez, vers, entre, très, peut, faut, doit, faire, fait, vs, près",
     .navigational = "connexion, se connecter, site officiel, officiel, mon compte, espace client, service client, "
                     "numéro de téléphone, horaires, contact, login",
     .transactional = "acheter, achat, commander, prix, tarif, tarifs, coût, pas cher, pas chère, pas chers, cher, "
                      "chère, chers, promo, promotion, code promo, réduction, soldes, solde, boutique, en ligne, "
                      "ligne, louer, location, réserver, réservation, devis, livraison, livraison gratuite, "
                      "combien coûte, combien coûtent, coûte, coûtent, télécharger, à vendre, près de chez moi, "
                      "meilleur prix",
     .commercial = "meilleur, meilleure, meilleurs, meilleures, top, avis, test, comparatif, comparaison, "
                   "comparateur, comparer, vs, alternative, alternatives, classement, différence entre, "
                   "différence, avantages et inconvénients, quel est le meilleur, quelle est la meilleure, que "
                   "choisir, guide achat",
     .informational = "comment, pourquoi, quand, guide, tutoriel, tuto, conseils, astuces, idées, idée, exemple, "
                      "exemples, signification, définition, explication, apprendre, recette, recettes, étape par "
                      "étape, débutant, débutants, symptômes, causes, histoire, facile",
     .questions = "comment, comment faire, combien, combien de temps, pourquoi, quand, où, qui est, quel, quelle, "
                  "quels, quelles, quel est, quelle est, est ce que, est quoi, peut on, faut il, que",
     .topics = "recette, recettes, louer, location, symptômes, causes, histoire, réserver, réservation, contact, "
               "boutique, horaires"},
    {.language = "es",
     .fillers = "el, la, los, las, lo, un, una, unos, unas, y, e, o, u, pero, de, del, a, al, en, con, sin, por, "
                "para, sobre, entre, es, son, ser, está, están, este, esta, estos, estas, mi, mis, tu, tus, su, "
                "sus, que, se, me, te, le, no, si, más, muy, hay, hacer, hace, puede, desde, hasta, como, vs, cerca",
     .navigational = "iniciar sesión, acceso, acceder, login, sitio oficial, página oficial, web oficial, oficial, "
                     "atención al cliente, teléfono, horario, horarios, contacto",
     .transactional = "comprar, compra, precio, precios, coste, costo, cuánto cuesta, cuánto cuestan, cuesta, "
                      "cuestan, cuánto vale, barato, barata, baratos, baratas, económico, económica, oferta, "
                      "ofertas, descuento, descuentos, cupón, cupones, código promocional, tienda, online, en "
                      "línea, alquilar, alquiler, reservar, reserva, pedir, envío gratis, en venta, venta, cerca "
                      "de mí, descargar, presupuesto, mejor precio",
     .commercial = "mejor, mejores, top, opiniones, opinión, reseña, reseñas, análisis, comparativa, comparación, "
                   "comparar, vs, alternativa, alternativas, ranking, diferencia entre, diferencias, diferencia, "
                   "ventajas y desventajas, cuál es el mejor, cuál es la mejor, vale la pena, guía de compra",
     .informational = "cómo, qué, por qué, cuándo, guía, tutorial, consejos, trucos, ideas, ejemplo, ejemplos, "
                      "significado, definición, aprender, receta, recetas, paso a paso, principiante, "
                      "principiantes, síntomas, causas, historia, casero, casera, caseros, fácil",
     .questions = "cómo, cómo hacer, cuánto, cuántos, cuánto tiempo, cuántas, qué, qué es, qué son, qué significa, "
                  "por qué, cuándo, dónde, quién, quién es, cuál, cuál es, se puede, para qué sirve, es",
     .topics = "receta, recetas, alquilar, alquiler, síntomas, causas, historia, reservar, reserva, tienda, "
               "contacto, horario, horarios, acceso"},
    {.language = "it",
     .fillers =
         "il, lo, la, i, gli, le, l, un, uno, una, e, ed, o, ma, di, del, dello, della, dell, dei, degli, delle, a, "
         "al, allo, alla, all, ai, agli, alle, da, dal, dallo, dalla, dall, dai, dagli, dalle, in, nel, nello, nella, "
         "nell, nei, nelle, con, senza, su, sul, sulla, sull, sui, sulle, per, tra, fra, è, sono, questo, questa, mio, "
         "mia, tuo, tua, suo, sua, che, si, mi, ti, non, più, molto, fare, fa, può, vs, vicino",
     .navigational = "accedi, accesso, login, sito ufficiale, ufficiale, area clienti, area riservata, servizio "
                     "clienti, numero di telefono, orari, orario, contatti",
     .transactional = "comprare, acquistare, acquisto, prezzo, prezzi, costo, costi, quanto costa, quanto costano, "
                      "costa, costano, economico, economica, economici, economiche, offerta, offerte, sconto, "
                      "sconti, codice sconto, coupon, negozio, online, noleggiare, noleggio, affitto, prenotare, "
                      "prenotazione, ordinare, preventivo, spedizione gratuita, in vendita, vendita, vicino a me, "
                      "scaricare, miglior prezzo",
     .commercial = "migliore, migliori, miglior, top, recensione, recensioni, opinioni, confronto, confrontare, "
                   "vs, alternativa, alternative, classifica, differenza tra, differenze tra, differenza, "
                   "differenze, pro e contro, qual è il migliore, qual è la migliore, vale la pena, guida all "
                   "acquisto",
     .informational = "come, cosa, perché, quando, guida, tutorial, consigli, trucchi, idee, esempio, esempi, "
                      "significato, definizione, spiegazione, imparare, ricetta, ricette, passo passo, "
                      "principiante, principianti, sintomi, cause, storia, facile, fai da te",
     .questions = "come, come fare, come si fa, quanto, quanti, quanto tempo, cosa, cosa è, che cos, cos, cosa "
                  "sono, cosa significa, perché, quando, dove, chi è, chi, quale, quali, qual è, si può, a cosa "
                  "serve",
     .topics = "ricetta, ricette, noleggiare, noleggio, affitto, prenotare, prenotazione, sintomi, cause, storia, "
               "negozio, contatti, orari, orario, accesso"},
    {.language = "pt",
     .fillers = "o, a, os, as, um, uma, uns, umas, e, ou, mas, de, do, da, dos, das, em, no, na, nos, nas, ao, à, "
                "aos, às, com, sem, por, pelo, pela, para, sobre, entre, é, são, este, esta, meu, minha, seu, sua, "
                "que, se, me, não, mais, muito, fazer, faz, pode, vs, perto",
     .navigational = "login, entrar, site oficial, oficial, atendimento, telefone, horário, contato",
     .transactional = "comprar, compra, preço, preços, quanto custa, quanto custam, custo, custa, barato, barata, "
                      "baratos, baratas, oferta, ofertas, desconto, cupom, loja, online, alugar, aluguel, "
                      "reservar, frete grátis, à venda, venda, perto de mim, baixar, orçamento, melhor preço",
     .commercial = "melhor, melhores, top, avaliação, avaliações, opiniões, análise, comparativo, comparação, vs, "
                   "alternativa, alternativas, ranking, diferença entre, diferença, vale a pena, qual é o melhor, "
                   "qual o melhor, qual a melhor, guia de compra",
     .informational = "como, porque, quando, guia, tutorial, dicas, ideias, exemplo, exemplos, significado, "
                      "definição, aprender, receita, receitas, passo a passo, iniciante, iniciantes, sintomas, "
                      "causas, história, fácil",
     .questions = "como, como fazer, quanto, quantos, quanto tempo, o que é, o que são, o que, por que, quando, "
                  "onde, quem é, quem, qual, quais, qual é, para que serve",
     .topics = "receita, receitas, alugar, aluguel, sintomas, causas, história, reservar, loja, contato, horário"},
    {.language = "nl",
     .fillers = "de, het, een, en, of, maar, van, in, op, aan, te, voor, met, zonder, bij, uit, naar, door, over, "
                "onder, is, zijn, was, dit, dat, deze, die, mijn, je, jouw, ik, hij, zij, wij, we, niet, geen, er, om, "
                "als, tot, kan, moet, maken, doen, vs",
     .navigational = "inloggen, login, officiële website, officiële, klantenservice, telefoonnummer, "
                     "openingstijden, contact",
     .transactional = "kopen, bestellen, prijs, prijzen, kosten, kost, wat kost, hoeveel kost, goedkoop, goedkope, "
                      "goedkoopste, aanbieding, aanbiedingen, korting, kortingscode, winkel, online, huren, "
                      "boeken, reserveren, gratis verzending, te koop, in de buurt, downloaden, beste prijs",
     .commercial = "beste, top, review, reviews, ervaringen, test, vergelijken, vergelijking, vs, alternatief, "
                   "alternatieven, verschil tussen, verschil, voordelen en nadelen, wat is de beste, koopgids",
     .informational = "hoe, wat, waarom, wanneer, handleiding, gids, tips, ideeën, voorbeeld, voorbeelden, "
                      "betekenis, definitie, uitleg, leren, recept, recepten, zelf, zelf maken, stap voor stap, "
                      "beginner, beginners, symptomen, oorzaken, geschiedenis",
     .questions = "hoe, hoe lang, hoe vaak, hoeveel, wat, wat is, wat zijn, wat betekent, waarom, wanneer, waar, "
                  "wie, wie is, welke, kun je, mag je",
     .topics = "recept, recepten, huren, boeken, symptomen, oorzaken, geschiedenis, winkel, contact"},
};

}  // namespace

std::span<const LexiconTable> lexicon_tables() {
  return tables;
}

}  // namespace galley::generation
